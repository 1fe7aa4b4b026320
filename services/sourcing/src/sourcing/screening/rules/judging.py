"""What a likeness of names is worth beside everything else that is known of both."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from sourcing.screening.rules.comparing import Comparison, Shared
from sourcing.screening.rules.names import plain
from sourcing.screening.rules.parties import Named, NameRole, Party, Subject
from sourcing.screening.rules.policy import Screening

ALL = Decimal(100)
FEWEST_WORDS, PART_OF_WORDS = 3, 0.75
"""What two addresses must share to be alike: of the words of the shorter one."""


class Countries(StrEnum):
    """What the countries of both say."""

    AGREE = "agree"
    UNKNOWN = "unknown"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True)
class Judged:
    """A party that a supplier may be, how likely, and why: what matched beside what did not."""

    party: Party
    score: Decimal
    named: Named | None
    listed_as: str | None
    shared: tuple[Shared, ...]
    name_score: Decimal
    countries: Countries
    identifiers: tuple[str, ...]
    weak_alias: str | None
    address: str | None

    def order(self) -> tuple[object, ...]:
        """Return what the likeliest comes first by; between equal scores numbers decide, then countries."""
        by_country = list(Countries).index(self.countries)
        return (
            -self.score,
            not self.identifiers,
            by_country,
            -self.name_score,
            self.weak_alias is None,
            self.party.reference,
        )


Found = tuple[Comparison, Named, str]


def judge(
    subject: Subject,
    party: Party,
    name: Found | None,
    weak: Found | None,
    identifiers: list[str],
    policy: Screening,
) -> Judged:
    """Return how likely a supplier is a party: by its name, confirmed or doubted by the rest.

    A number that both have says all. A weak alias alone says nothing: it only confirms a name.
    """
    comparison, named, listed_as = name or (None, None, None)
    name_score = _points(comparison.alike if comparison else 0.0)
    countries = _countries(subject, party, named)
    address = next((a for a in subject.addresses if any(_alike(a, b) for b in party.addresses)), None)
    score = name_score
    if identifiers:
        score = ALL
    elif name_score:
        score += policy.confirming * ((weak is not None) + (address is not None))
        score -= policy.elsewhere if countries is Countries.DIFFER else 0
    return Judged(
        party=party,
        score=min(ALL, max(Decimal(0), score)),
        named=named,
        listed_as=listed_as,
        shared=comparison.shared if comparison else (),
        name_score=name_score,
        countries=countries,
        identifiers=tuple(sorted(identifiers)),
        weak_alias=None if weak is None else weak[2],
        address=address,
    )


def raised(judged: Judged, policy: Screening) -> bool:
    """Whether a supplier is held for this."""
    return judged.score >= policy.threshold


def _points(alike: float) -> Decimal:
    return Decimal(repr(alike * 100)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _countries(subject: Subject, party: Party, named: Named | None) -> Countries:
    """Return what the countries say; where an owner is from, that of its company does not tell."""
    if set(subject.countries) & set(party.countries):
        return Countries.AGREE
    of_owner = named is not None and named.role is NameRole.OWNER
    if of_owner or not subject.countries or not party.countries:
        return Countries.UNKNOWN
    return Countries.DIFFER


def _alike(one: str, two: str) -> bool:
    words, others = set(plain(one).split()), set(plain(two).split())
    shared, shorter = len(words & others), min(len(words), len(others))
    return shared >= FEWEST_WORDS and shared >= PART_OF_WORDS * shorter
