"""How factors add up to a supplier's risk: the mean of what is known, its level, what caps it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from purveyor.figures import rounded
from sourcing.risk.rules.factors import Factor, Reading
from sourcing.risk.rules.policy import RiskLevels, RiskPolicy, RiskWeights


class RiskLevel(StrEnum):
    """How risky a supplier is; the next is worse."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Standing(StrEnum):
    """What is known of a factor on a day."""

    KNOWN = "known"
    STALE = "stale"
    MISSING = "missing"


class Cap(StrEnum):
    """What makes a supplier as risky as that whatever the mean says."""

    SANCTION_CONFIRMED = "sanction_confirmed"
    SCREENING_HIT = "screening_hit"


CAPS: Mapping[Cap, RiskLevel] = {
    Cap.SANCTION_CONFIRMED: RiskLevel.CRITICAL,
    Cap.SCREENING_HIT: RiskLevel.HIGH,
}
RANKS: Mapping[RiskLevel, int] = {level: rank for rank, level in enumerate(RiskLevel)}


@dataclass(frozen=True, slots=True)
class Counted:
    """A factor as it counts: what was said of it, whether it holds, its weight, its part of the mean."""

    factor: Factor
    standing: Standing
    weight: int
    contribution: Decimal | None
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """A supplier's risk on a day, with all that it is made of."""

    overall: Decimal | None
    share_known: int
    uncapped_level: RiskLevel | None
    caps: tuple[Cap, ...]
    level: RiskLevel | None
    factors: tuple[Counted, ...]
    changes_on: date | None
    """The first day on which something of it does not hold any more."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A supplier that would be of another level."""

    supplier_id: UUID
    level: RiskLevel | None
    level_then: RiskLevel | None
    overall: Decimal | None
    overall_then: Decimal | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What other weights would make of suppliers: how many would move from which level to which, and some."""

    assessed: int
    moves: Mapping[tuple[RiskLevel | None, RiskLevel | None], int]
    movers: Sequence[Mover]
    next_after: UUID | None


def assess(
    readings: Mapping[Factor, Reading],
    caps: Collection[Cap],
    policy: RiskPolicy,
    on: date,
    before: RiskLevel | None,
) -> Assessment:
    """Return the risk on a day; `before` is the level that the mean had until then.

    What is stale or missing counts for nothing, and neither does its weight: it is shown, never guessed.
    """
    known = {factor: one.points for factor, one in readings.items() if one.holds(on)}
    overall = mean(known, policy.weights)
    share = share_of(known, policy.weights)
    uncapped_level = settled(overall, before, policy.levels)
    factors = []
    for factor in Factor:
        reading, weight = readings.get(factor), policy.weights.of(factor)
        part = rounded(known[factor] * weight / share, 2) if factor in known and share else None
        factors.append(Counted(factor, _standing(reading, on), weight, part, reading))
    ends = (readings[factor].holds_until for factor in known)
    return Assessment(
        overall=overall,
        share_known=share,
        uncapped_level=uncapped_level,
        caps=tuple(cap for cap in Cap if cap in caps),
        level=capped(uncapped_level, caps),
        factors=tuple(factors),
        changes_on=day_after_first(ends),
    )


def reweighed(
    known: Mapping[Factor, Decimal],
    caps: Collection[Cap],
    weights: RiskWeights,
    levels: RiskLevels,
    before: RiskLevel | None,
) -> tuple[Decimal | None, RiskLevel | None]:
    """Return what other weights make of what is known: the mean, and the level with its caps."""
    overall = mean(known, weights)
    return overall, capped(settled(overall, before, levels), caps)


def mean(known: Mapping[Factor, Decimal], weights: RiskWeights) -> Decimal | None:
    """Return the mean of known points by their weights; None where nothing that counts is known."""
    share = share_of(known, weights)
    if share == 0:
        return None
    return rounded(sum((known[f] * weights.of(f) for f in known), Decimal(0)) / share, 1)


def share_of(known: Iterable[Factor], weights: RiskWeights) -> int:
    """Return how much of all weights, which are 100, lies on what is known."""
    return sum(weights.of(factor) for factor in known)


def settled(overall: Decimal | None, before: RiskLevel | None, levels: RiskLevels) -> RiskLevel | None:
    """Return the level of a mean: it rises at once, and falls only when the mean lies clearly under it.

    So a mean that goes up and down about a bound, by less than the hysteresis, changes the level once.
    """
    if overall is None:
        return None
    raw = level_of(overall, levels)
    if before is None or RANKS[raw] >= RANKS[before]:
        return raw
    return _lower(before, level_of(overall + levels.hysteresis, levels))


def level_of(overall: Decimal, levels: RiskLevels) -> RiskLevel:
    """Return the level that a mean lies in."""
    if overall >= levels.critical:
        return RiskLevel.CRITICAL
    if overall >= levels.high:
        return RiskLevel.HIGH
    return RiskLevel.MEDIUM if overall >= levels.medium else RiskLevel.LOW


def capped(level: RiskLevel | None, caps: Iterable[Cap]) -> RiskLevel | None:
    """Return a level, or what caps make it: never better than the worst of them."""
    return max(
        (*([level] if level else []), *(CAPS[cap] for cap in caps)), key=RANKS.__getitem__, default=None
    )


def day_after_first(ends: Iterable[date | None]) -> date | None:
    """Return the day after the first of some last days."""
    first = min((end for end in ends if end is not None), default=None)
    return None if first is None else first + timedelta(days=1)


def _lower(one: RiskLevel, other: RiskLevel) -> RiskLevel:
    return min(one, other, key=RANKS.__getitem__)


def _standing(reading: Reading | None, on: date) -> Standing:
    if reading is None:
        return Standing.MISSING
    return Standing.KNOWN if reading.holds(on) else Standing.STALE
