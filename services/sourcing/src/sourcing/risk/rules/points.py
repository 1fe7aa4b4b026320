"""How ratios, sites, shares, scores and signals become points from 0 to 100, of which 100 is the worst."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from purveyor.figures import rounded
from sourcing.risk.rules.factors import NONE, WORST, Reading, bounded, worst
from sourcing.risk.rules.policy import FinancialBounds

OF_SITES = {1: Decimal(70), 2: Decimal(40)}
"""One making site that stops stops everything; from three on there is none that does."""
OF_MORE_SITES = Decimal(15)
FREE_CAPACITY = Decimal(80)
"""Up to this use of its capacity, in percent, a supplier can make more; at all of it, nothing is left."""


@dataclass(frozen=True, slots=True)
class Ratios:
    """What Altman's Z″ is made of: X1 to X4."""

    working_capital_to_total_assets: Decimal
    retained_earnings_to_total_assets: Decimal
    ebit_to_total_assets: Decimal
    equity_to_total_liabilities: Decimal


class Held(StrEnum):
    """What is held against a supplier's compliance."""

    SANCTION_CONFIRMED = "sanction_confirmed"
    SCREENING_HIT = "screening_hit"
    IDENTITY_UNCONFIRMED = "identity_unconfirmed"
    QUALIFICATION_LAPSED = "qualification_lapsed"
    APPROVALS_ENDED = "approvals_ended"
    DOCUMENT_ENDED = "document_ended"


OF_HELD: Mapping[Held, Decimal] = {
    Held.SANCTION_CONFIRMED: WORST,
    Held.SCREENING_HIT: Decimal(80),
    Held.IDENTITY_UNCONFIRMED: Decimal(60),
    Held.QUALIFICATION_LAPSED: Decimal(50),
    Held.APPROVALS_ENDED: Decimal(50),
    Held.DOCUMENT_ENDED: Decimal(40),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """What somebody noticed of a supplier, how bad that is and how much it says."""

    points: Decimal
    weight: Decimal
    source: str
    observed_on: date
    holds_until: date


@dataclass(frozen=True, slots=True)
class CountryRisk:
    """What the table says of a country, for a category and all that lies in it, or (None) for every one."""

    country: str
    category: str | None
    reading: Reading


def z_score(ratios: Ratios) -> Decimal:
    """Return Z″, Altman's model for non-manufacturers and emerging markets (Altman, 2005)."""
    return (
        Decimal("3.25")
        + Decimal("6.56") * ratios.working_capital_to_total_assets
        + Decimal("3.26") * ratios.retained_earnings_to_total_assets
        + Decimal("6.72") * ratios.ebit_to_total_assets
        + Decimal("1.05") * ratios.equity_to_total_liabilities
    )


def of_z_score(z: Decimal, bounds: FinancialBounds) -> Decimal:
    """Return 100 at the bound of distress and below, 0 where it is safe, evenly falling between them."""
    return rounded(bounded(WORST * (bounds.safe - z) / (bounds.safe - bounds.distress)), 1)


def of_operations(making_sites: int | None, capacity_used: Decimal | None) -> Decimal:
    """Return the worse of what the number of making sites says and what the use of capacity does."""
    found = [] if making_sites is None else [OF_SITES.get(making_sites, OF_MORE_SITES)]
    if capacity_used is not None:
        found.append(bounded(WORST * (capacity_used - FREE_CAPACITY) / (WORST - FREE_CAPACITY)))
    return rounded(max(found), 1)


def of_shares(our_share_of_theirs: Decimal | None, their_share_of_ours: Decimal | None) -> Decimal:
    """Return the greater of two shares, in percent: who has all of the other cannot do without it."""
    return rounded(max(share for share in (our_share_of_theirs, their_share_of_ours) if share is not None), 1)


def of_score(score: Decimal) -> Decimal:
    """Return what a score of delivery and quality lacks of 100."""
    return bounded(WORST - score)


def of_held(held: Collection[Held]) -> Decimal:
    """Return the worst of what is held against a supplier; 0 where nothing is."""
    return max((OF_HELD[one] for one in held), default=NONE)


def of_signals(signals: Sequence[Signal], on: date) -> Reading | None:
    """Return the mean of the signals that hold, by their weights; where none does, the last that did."""
    known = [one for one in signals if one.observed_on <= on]
    holding = [one for one in known if on <= one.holds_until]
    if not holding:
        last = max(known, key=lambda one: (one.holds_until, one.observed_on, one.source), default=None)
        return None if last is None else _as_reading([last])
    return _as_reading(holding)


def _as_reading(signals: Sequence[Signal]) -> Reading:
    weights = sum((one.weight for one in signals), NONE)
    points = sum((one.points * one.weight for one in signals), NONE) / weights
    return Reading(
        points=rounded(points, 1),
        source=", ".join(sorted({one.source for one in signals})),
        as_of=max(one.observed_on for one in signals),
        holds_until=min(one.holds_until for one in signals),
        because=f"{len(signals)} signals, by their weights" if len(signals) > 1 else "one signal",
    )


def of_places(
    countries: Iterable[str],
    categories: Collection[str],
    above: Mapping[str, Sequence[str]],
    table: Collection[CountryRisk],
    on: date,
) -> Reading | None:
    """Return the worst of where a supplier is and what it sells there.

    Of a country and a category the most precise row counts that holds: of the category, of the nearest that
    it lies in, of all categories.
    """
    by_place = {(one.country, one.category): one.reading for one in table}
    found = []
    for country in sorted(set(countries)):
        for category in sorted(categories) or (None,):
            path = (None,) if category is None else (category, *above.get(category, ()), None)
            said = [by_place[country, one] for one in path if (country, one) in by_place]
            nearest = next((one for one in said if one.holds(on)), said[0] if said else None)
            found += [] if nearest is None else [nearest]
    return worst(found, on)
