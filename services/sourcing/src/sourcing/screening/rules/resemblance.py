"""How much two words resemble each other: equal, written with a slip, or heard and written otherwise."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

SHORTEST = 4
"""Shorter words are equal or others: one letter changed makes another word of them."""
HEARD = 0.88
"""What words resemble each other by that are written otherwise and sound alike, at least."""
FEWEST_CONSONANTS = 3
WRITTEN_ENOUGH = 0.55
"""Words that sound alike by their consonants but look less alike than this are others: sultan, solution."""
_AS_HEARD = (
    *(("shch", "s"), ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("dzh", "j"), ("dj", "j"), ("sh", "s")),
    *(("ch", "k"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("zh", "z"), ("ph", "f"), ("ck", "k")),
    *(("tz", "c"), ("ts", "c"), ("q", "k"), ("c", "k"), ("x", "ks"), ("w", "v"), ("f", "v")),
    *(("j", "i"), ("y", "i")),
)
_DOUBLED = re.compile(r"(.)\1+")
_SILENT = re.compile(r"[aeiouh]")
VOWELS = tuple("aeiou")


@lru_cache(maxsize=65_536)
def heard(word: str) -> str:
    """Return what words have in common that sound alike: the consonants, or all of a word that has few.

    Muhammad and mohamed are `mmd`; a vowel at the beginning stays as one. Jose and yose are `=iose`.
    """
    sounds = word
    for spelt, sound in _AS_HEARD:
        sounds = sounds.replace(spelt, sound)
    sounds = _DOUBLED.sub(r"\1", sounds)
    first = "a" if sounds[:1] in VOWELS else sounds[:1]
    kept = first + _SILENT.sub("", sounds[1:])
    return kept if len(kept) >= FEWEST_CONSONANTS and kept.isalpha() else f"={sounds}"


def slips(length: int) -> int:
    """Return how many slips of the pen a word of a length may have and still be read as itself."""
    if length < SHORTEST:
        return 0
    return 1 if length < 8 else 2


def resemblance(one: str, two: str) -> float:
    """Return how much two words resemble each other, from 0 to 1; equal ones do wholly.

    A slip is a letter changed, added, left out, or two of them swapped (optimal string alignment). Words
    with digits are equal or others, and short words begin alike.
    """
    if one == two:
        return 1.0
    shorter, longer = sorted((len(one), len(two)))
    if shorter < SHORTEST - 1 or not (one.isalpha() and two.isalpha()):
        return 0.0
    distance = OSA.distance(one, two)
    alike = 1 - distance / longer
    if alike >= WRITTEN_ENOUGH and heard(one) == heard(two):
        return max(HEARD, alike)
    if distance > slips(shorter) or (longer < 6 and one[0] != two[0]):
        return 0.0
    return alike
