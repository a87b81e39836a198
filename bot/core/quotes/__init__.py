"""Quotes and who said them, by rule: marks, masked cue clauses, a chooser, names.

extract finds the quotes of a text, component offers that as a spaCy component, key ranks them.
"""
