"""What nobody sees in a text: the one table of it, from which each reader takes what is its business.

A person's name may hold none of it, a text what its script needs; of files what has no width is left out.
"""

from __future__ import annotations

import unicodedata
from typing import Final

CATEGORIES: Final[dict[str, str]] = {
    "Cc": "a control character",
    "Cf": "which cannot be seen",
    "Cs": "half a character",
    "Co": "which means something else on every machine",
    "Cn": "which Unicode has not assigned",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
}
"""Categories whose characters nobody sees (UAX 44), and why they are refused."""
CANNOT_BE_SEEN = CATEGORIES["Cf"]
VARIATION_SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
MONGOLIAN_SELECTORS = frozenset("\u180b\u180c\u180d\u180f")
FILLERS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00013441\U00013442\U00016fe4\U0001d159"
)
"""What shows nothing though a letter, mark or symbol to Unicode (Default_Ignorable, scripts' blanks)."""
LETTERS_AND_MARKS = FILLERS | MONGOLIAN_SELECTORS | VARIATION_SELECTORS
"""All that nobody sees of the categories in which other characters are seen."""
JOINERS = frozenset("\u200c\u200d")
"""They belong to words of Indic and Persian writing."""
SWITCHING_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates (UAX 9): with them a text reads otherwise than it is."""
OF_NO_WIDTH = frozenset("\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff") | SWITCHING_DIRECTION
"""Soft hyphen, blank of no width, marks of direction, word joiner, byte order mark: left behind."""


def is_unseen(character: str) -> bool:
    """Return whether nobody sees a character, whatever stands beside it; blanks are seen."""
    return unicodedata.category(character) in CATEGORIES or character in LETTERS_AND_MARKS
