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
)
_DOUBLED = re.compile(r"(.)\1+")
_SILENT = re.compile(r"[aeiouyh]")


@lru_cache(maxsize=65_536)
def consonants(word: str) -> str:
    """Return what stays of a word however its vowels are written: muhammad and mohamed are `mmd`.

    A vowel at the beginning stays as one; empty for words that have too few consonants to be told by them.
    """
    heard = word
    for spelt, sound in _AS_HEARD:
        heard = heard.replace(spelt, sound)
    first = "a" if heard[:1] in tuple("aeiouy") else heard[:1]
    kept = first + _SILENT.sub("", _DOUBLED.sub(r"\1", heard[1:]))
    return kept if len(kept) >= FEWEST_CONSONANTS and kept.isalpha() else ""


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
    heard = consonants(one)
    if heard and alike >= WRITTEN_ENOUGH and heard == consonants(two):
        return max(HEARD, alike)
    if distance > slips(shorter) or (longer < 6 and one[0] != two[0]):
        return 0.0
    return alike
