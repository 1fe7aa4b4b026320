"""Names as screening compares them: in Latin letters, without legal forms, by their words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from sourcing.screening.rules.legal_forms import AT_THE_BEGINNING, AT_THE_END, WRITTEN_TOGETHER

QUOTES = str.maketrans(dict.fromkeys("'\u2019\u2018\u02bc\u02bb`\u00b4\"", ""))
INITIALS = re.compile(r"(?<![a-z0-9])([a-z0-9])\.(?=[a-z0-9](?![a-z0-9]))")
NO_WORD = re.compile(r"[^a-z0-9]+")
LIKE_LETTERS = str.maketrans("023456789", "ozeasbtbg")
PARTICLES = frozenset(
    (
        *(
            "and",
            "of",
            "the",
            "for",
            "in",
            "de",
            "del",
            "della",
            "der",
            "den",
            "des",
            "di",
            "da",
            "do",
            "dos",
        ),
        *("du", "la", "le", "les", "el", "al", "los", "las", "y", "und", "et", "e", "en", "van", "von", "zu"),
        *("bin", "ibn", "bint", "ul", "ed", "i", "na", "po", "ya"),
    )
)
"""Words that a name is written with or without."""


@dataclass(frozen=True, slots=True)
class Written:
    """A name as it is compared: its words, and all of it without blanks."""

    text: str
    words: tuple[str, ...]
    joined: str


@lru_cache(maxsize=4096)
def written(name: str) -> Written:
    """Return how a name is compared; one that is made of a legal form alone keeps it.

    Other scripts are transliterated: 华为 is `huawei`, Зенит-Строй `zenit stroy`. Letters that stand alone
    belong together: S.A. and S A are `sa`.
    """
    words = _without_legal_forms(tuple(_words(name)))
    kept = tuple(word for word in words if word not in PARTICLES)
    return Written(name, kept or words, "".join(words))


@lru_cache(maxsize=4096)
def readings(name: str) -> tuple[Written, ...]:
    """Return how a name may be read: as it is written, and with digits in words as letters they are like.

    `Stee1 Trad1ng` is also read as `steel trading`; `3M` and `iso 9001` have no word with mostly letters.
    """
    text = plain(name)
    folded = [" ".join(_folded(word, one) for word in text.split()) for one in "li"]
    return tuple(dict.fromkeys((written(name), *(written(other) for other in folded if other != text))))


def _folded(word: str, one: str) -> str:
    digits = sum(character.isdigit() for character in word)
    return word.translate(LIKE_LETTERS | {ord("1"): one}) if 0 < digits * 2 < len(word) > 2 else word


def plain(text: str) -> str:
    """Return a text in small Latin letters, its words with one blank between them."""
    latin = anyascii(unicodedata.normalize("NFKC", text)).lower().translate(QUOTES)
    return NO_WORD.sub(" ", INITIALS.sub(r"\1", latin)).strip()


def identifier(value: str) -> str:
    """Return a number as it is compared, whatever stands between its signs; empty when too short to tell."""
    kept = NO_WORD.sub("", plain(value)).upper()
    digits = sum(character.isdigit() for character in kept)
    return kept if len(kept) >= SHORTEST_IDENTIFIER and digits >= FEWEST_DIGITS else ""


SHORTEST_IDENTIFIER, FEWEST_DIGITS = 6, 4
"""Shorter numbers are given by many authorities: that two are equal says nothing."""


def _words(name: str) -> list[str]:
    for form in WRITTEN_TOGETHER:
        name = name.replace(form, " ")
    words: list[str] = []
    initials = ""
    for word in plain(name).split():
        if len(word) == 1:
            initials += word
            continue
        if initials:
            words.append(initials)
            initials = ""
        words.append(word)
    return [*words, initials] if initials else words


def _without_legal_forms(words: tuple[str, ...]) -> tuple[str, ...]:
    kept = words
    while shorter := _without_one(kept):
        kept = shorter
    return kept


def _without_one(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without a legal form at their end or beginning; nothing when there is none."""
    for length in range(min(5, len(words) - 1), 0, -1):
        if words[-length:] in AT_THE_END:
            return words[:-length]
        if words[:length] in AT_THE_BEGINNING:
            return words[length:]
    return ()
