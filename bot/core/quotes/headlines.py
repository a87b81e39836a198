"""Whether a text begins with its headline."""

from __future__ import annotations

import re

#: Longest headline, in characters.
_LONGEST = 200
#: Holm: ‘We Stay.’
_SAYS = re.compile(r":\s+['‘](?=\S)[^\"“”]+[.!?]['’]$")


def is_headline(paragraph: str) -> bool:
    """Whether a text's first paragraph is its headline.

    It is short, and has no full stop at the end unless it ends like Holm: ‘We Stay.’
    """
    if len(paragraph) >= _LONGEST:
        return False
    unstopped = paragraph.rstrip(" \"'“”’»")[-1:] not in ".!?…,;:"
    return unstopped or _SAYS.search(paragraph) is not None
