"""The portfolio matrix (Kraljic, 1983): a quadrant is profit impact and supply risk, each high or low."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from purveyor.figures import rounded
from sourcing.segments.rules.policy import SegmentPolicy

WHOLE = Decimal(100)
NOTHING = Decimal(0)


class Quadrant(StrEnum):
    """What a category, or a supplier in it, is to us."""

    NON_CRITICAL = "non_critical"
    LEVERAGE = "leverage"
    BOTTLENECK = "bottleneck"
    STRATEGIC = "strategic"


class Lack(StrEnum):
    """Why there is no quadrant."""

    SPEND = "spend"
    """Nothing was ordered in the window, of anything: there is no share of nothing."""
    RISK = "risk"
    """Of nobody who may be ordered from is it known how risky they are."""
    ENDED = "ended"
    """It is retired, or nobody orders from the supplier for it, or nothing is spent in the currency."""


@dataclass(frozen=True, slots=True)
class Position:
    """Of what a segment is: a category, or a supplier in it; in one currency, or (None) in no one."""

    category: str
    supplier_id: UUID | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Impact:
    """Profit impact: the share of all spend, and from where on it is high."""

    spend: Decimal
    total: Decimal
    share: Decimal | None
    share_of_category: Decimal | None
    """Of a supplier: what of the category's spend is its own."""
    high_from: Decimal

    @property
    def is_high(self) -> bool | None:
        """Whether it is high; None where there is no share."""
        return None if self.share is None else self.share >= self.high_from


@dataclass(frozen=True, slots=True)
class SupplyRisk:
    """Supply risk: how few there are to choose from, and how risky they are."""

    suppliers: int
    scarcity: Decimal
    scarcity_weight: int
    assessed: int
    risk: Decimal | None
    points: Decimal | None
    high_from: Decimal

    @property
    def is_high(self) -> bool | None:
        """Whether it is high; None where nobody knows."""
        return None if self.points is None else self.points >= self.high_from


@dataclass(frozen=True, slots=True)
class Segment:
    """Where something stands, and how that was reckoned."""

    position: Position
    impact: Impact
    supply_risk: SupplyRisk

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """What is not known: nothing of it is guessed."""
        found = {Lack.SPEND: self.impact.is_high, Lack.RISK: self.supply_risk.is_high}
        return tuple(lack for lack, known in found.items() if known is None)

    @property
    def quadrant(self) -> Quadrant | None:
        """Which it is, where both sides are known."""
        impact, risk = self.impact.is_high, self.supply_risk.is_high
        return None if impact is None or risk is None else quadrant(impact, risk)


@dataclass(frozen=True, slots=True)
class Known:
    """All that segments are made of, on a day."""

    categories: Set[str]
    suppliers_of: Mapping[str, Set[UUID]]
    """By category, who may be ordered from for it, for what it lies in or for something in it."""
    approved_for: Mapping[str, Set[UUID]]
    """By category, who may be ordered from by an approval for that very one."""
    risks: Mapping[UUID, Decimal]
    spent: Mapping[tuple[str, str], Mapping[UUID, Decimal]]
    """By category and currency, with all that lies in the category, by supplier."""
    totals: Mapping[str, Decimal]
    """By currency."""


def quadrant(impact_is_high: bool, risk_is_high: bool) -> Quadrant:
    """Return the quadrant (Kraljic, "Purchasing must become supply management", HBR 1983)."""
    if impact_is_high:
        return Quadrant.STRATEGIC if risk_is_high else Quadrant.LEVERAGE
    return Quadrant.BOTTLENECK if risk_is_high else Quadrant.NON_CRITICAL


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return what a part is of a whole, in percent with two decimals; None of nothing."""
    return None if whole <= 0 else rounded(part * WHOLE / whole, 2)


def supply_risk(suppliers: int, assessed: int, risk: Decimal | None, policy: SegmentPolicy) -> SupplyRisk:
    """Return supply risk: the mean of scarcity and of how risky suppliers are, by the policy's weights."""
    scarcity, weight = policy.scarcity.of(suppliers), policy.scarcity_weight
    known = NOTHING if risk is None and weight == WHOLE else risk
    points = None if known is None else rounded((scarcity * weight + known * (100 - weight)) / WHOLE, 1)
    return SupplyRisk(suppliers, scarcity, weight, assessed, risk, points, policy.supply_risk)


def mean_risk(risks: Mapping[UUID, Decimal], spent: Mapping[UUID, Decimal]) -> Decimal | None:
    """Return how risky suppliers are in the mean, by what is spent with each; alike where nothing is.

    None of nobody. Who delivers most is what supply hangs on; that there are others is scarcity's.
    """
    if not risks:
        return None
    weights = {one: spent.get(one, NOTHING) for one in risks}
    whole = sum(weights.values(), NOTHING)
    if whole <= 0:
        weights, whole = dict.fromkeys(risks, Decimal(1)), Decimal(len(risks))
    return rounded(sum((risks[one] * weights[one] for one in risks), NOTHING) / whole, 1)


def segments(known: Known, policy: SegmentPolicy) -> Iterator[Segment]:
    """Yield every category and every supplier approved for it, in each currency that anything is spent in."""
    for currency in sorted(known.totals) or (None,):
        for category in sorted(known.categories):
            around = _around(category, currency, known)
            yield _of_category(around, known, policy)
            for supplier_id in sorted(known.approved_for.get(category, ())):
                yield _of_supplier(supplier_id, around, known, policy)


@dataclass(frozen=True, slots=True)
class _Around:
    """A category in a currency: who may be ordered from, what is spent with whom, and in all."""

    category: str
    currency: str | None
    suppliers: Set[UUID]
    spent: Mapping[UUID, Decimal]
    spend: Decimal
    total: Decimal


def _around(category: str, currency: str | None, known: Known) -> _Around:
    suppliers = known.suppliers_of.get(category, frozenset())
    if currency is None:
        return _Around(category, currency, suppliers, {}, NOTHING, NOTHING)
    spent = known.spent.get((category, currency), {})
    spend = sum(spent.values(), NOTHING)
    return _Around(category, currency, suppliers, spent, spend, known.totals[currency])


def _of_category(around: _Around, known: Known, policy: SegmentPolicy) -> Segment:
    risks = {one: known.risks[one] for one in around.suppliers if one in known.risks}
    risk = mean_risk(risks, around.spent)
    return Segment(
        Position(around.category, None, around.currency),
        Impact(around.spend, around.total, share(around.spend, around.total), None, policy.category_share),
        supply_risk(len(around.suppliers), len(risks), risk, policy),
    )


def _of_supplier(supplier_id: UUID, around: _Around, known: Known, policy: SegmentPolicy) -> Segment:
    spend, risk = around.spent.get(supplier_id, NOTHING), known.risks.get(supplier_id)
    return Segment(
        Position(around.category, supplier_id, around.currency),
        Impact(
            spend, around.total, share(spend, around.total), share(spend, around.spend), policy.supplier_share
        ),
        supply_risk(len(around.suppliers), 0 if risk is None else 1, risk, policy),
    )
