"""Reported speech in German: word lists, mentions, cue clauses, names.

It answers in the same clauses as the English reader, so marks, choice, carrying and confidence are
shared.
"""
