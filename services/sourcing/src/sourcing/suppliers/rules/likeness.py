"""Which names look like one: written alike, or with characters that are taken for each other (UTS 39)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from confusable_homoglyphs.confusables import confusables_data

from purveyor.texts import comparable
from sourcing.suppliers.rules.search import searchable

TAKEN_FOR_EACH_OTHER = str.maketrans({"1": "l", "i": "l", "|": "l", "0": "o", "m": "rn"})
"""What is confused within ASCII once capitals are small ones (confusables.txt of UTS 39)."""


class Likeness(StrEnum):
    """Why two suppliers may be one."""

    SAME_NAME = "same_name"
    """Their names differ in case, accents, blanks and punctuation at most."""

    LOOKS_ALIKE = "looks_alike"
    """Their names are written with other characters that look the same: a Cyrillic A, 1 for l."""


def skeleton(name: str) -> str:
    """Return what all names that may be mistaken for this one have in common (UTS 39, section 4).

    Each character becomes the one that it is taken for as it is written, then case, accents, blanks and
    punctuation go; never shown.
    """
    seen = "".join(map(_prototype, unicodedata.normalize("NFKC", name)))
    return "".join(searchable(seen).split()).translate(TAKEN_FOR_EACH_OTHER)


def likeness(name: str, other: str) -> Likeness:
    """Return why two names with one skeleton may be those of one company."""
    one, two = ("".join(searchable(comparable(text)).split()) for text in (name, other))
    return Likeness.SAME_NAME if one == two else Likeness.LOOKS_ALIKE


def _prototype(character: str) -> str:
    return character if character.isascii() else _prototypes().get(character, character)


@cache
def _prototypes() -> dict[str, str]:
    """Return what each character is taken for: of those that look the same the one in ASCII, or the first."""
    group_of: dict[str, set[str]] = {}
    for character, others in confusables_data.items():
        group = {character, *(other["c"] for other in others)}
        single = {one for one in group if len(one) == 1}
        for one in tuple(single):
            single |= group_of.get(one, set())
        for one in single:
            group_of[one] = single
    return {one: _first(group) for one, group in group_of.items()}


def _first(group: Iterable[str]) -> str:
    """Return the letter or digit of ASCII in a group, or its first character."""
    return min(group, key=lambda one: (not (one.isascii() and one.isalnum()), ord(one)))
