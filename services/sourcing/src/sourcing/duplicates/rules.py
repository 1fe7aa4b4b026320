"""How much the names of two suppliers of one country resemble each other, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import fuzz

from sourcing.screening.rules.names import Written, written
from sourcing.suppliers.rules.likeness import skeleton
from sourcing.suppliers.rules.search import searchable

SETTLED_BY_ANOTHER = (
    "Who registered, changed or submitted one of two suppliers does not say that they are two: ask a "
    "colleague."
)


class DuplicateNames(BaseModel):
    """From which resemblance on two names are shown to people."""

    model_config = ConfigDict(frozen=True)

    score: Decimal = Field(
        default=Decimal(88),
        ge=50,
        le=100,
        max_digits=4,
        decimal_places=1,
        description="Names that resemble each other at least so much are flagged",
        examples=["88"],
    )


class Resemblance(StrEnum):
    """Why two suppliers may be one."""

    SAME_NAME = "same_name"
    """Their names differ in case, accents, blanks and punctuation at most."""

    LOOKS_ALIKE = "looks_alike"
    """Their names are written with other characters that look the same."""

    OTHER_LEGAL_FORM = "other_legal_form"
    """They differ in the legal form, or in where it stands."""

    OTHER_ORDER = "other_order"
    """Their words are the same in another order."""

    SPELT_ALIKE = "spelt_alike"
    """They differ in a letter or two, or in where words are parted."""


CERTAIN = {
    Resemblance.SAME_NAME: Decimal(100),
    Resemblance.LOOKS_ALIKE: Decimal(99),
    Resemblance.OTHER_LEGAL_FORM: Decimal(98),
    Resemblance.OTHER_ORDER: Decimal(97),
}
"""What names resemble each other by that differ in nothing that tells companies apart."""
MOST_SPELT_ALIKE = Decimal(96)
SHORTEST = 5
"""Shorter names are equal or others: one letter changed makes another name of them."""


@dataclass(frozen=True, slots=True)
class Alike:
    """By how much two names resemble each other, from 0 to 100, and why."""

    score: Decimal
    reason: Resemblance


def resembles(name: str, other: str) -> Alike | None:
    """Return how much two names resemble each other without what does not tell companies apart.

    None where they do not at all: words with digits, as of plants and years, are equal or others.
    """
    reason = _certain(name, other)
    if reason is not None:
        return Alike(CERTAIN[reason], reason)
    one, two = written(name), written(other)
    if _numbers(one) != _numbers(two) or min(len(one.joined), len(two.joined)) < SHORTEST:
        return None
    close = max(
        fuzz.ratio(one.joined, two.joined),
        fuzz.ratio(" ".join(sorted(one.words)), " ".join(sorted(two.words))),
    )
    score = min(Decimal(str(round(close, 1))), MOST_SPELT_ALIKE)
    return Alike(score, Resemblance.SPELT_ALIKE) if score > 0 else None


def probe(name: str) -> str:
    """Return what is looked for to find names that may resemble one: its words as search compares them."""
    plain = searchable(name)
    words: Iterable[str] = written(name).words if plain.isascii() else plain.split()
    return " ".join(words)


def pair(one: str, other: str) -> list[str]:
    """Return two names in one order: what somebody has settled holds as long as they are these."""
    return sorted((one, other))


def _certain(name: str, other: str) -> Resemblance | None:
    plain, as_plain = searchable(name).split(), searchable(other).split()
    if "".join(plain) == "".join(as_plain):
        return Resemblance.SAME_NAME
    if skeleton(name) == skeleton(other):
        return Resemblance.LOOKS_ALIKE
    one, two = written(name), written(other)
    if not one.words or not two.words:
        return None
    if one.words == two.words:
        return Resemblance.OTHER_LEGAL_FORM
    return Resemblance.OTHER_ORDER if sorted(one.words) == sorted(two.words) else None


def _numbers(name: Written) -> list[str]:
    return sorted(word for word in name.words if any(character.isdigit() for character in word))
