"""Quotes and who said them, by rule: marks, masked cue clauses, a chooser, names.

extract finds the quotes of a text, component offers that as a spaCy component, key ranks them.
"""

#: A speaker's name may be shown from this confidence on. Every rule that is switched on reaches it
#: by itself; a weak rule together with a pronoun does not (see ``rules``).
SHOW_NAME = 0.7
