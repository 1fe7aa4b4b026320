"""How a round is judged: what each bid costs to own, what it is out for, its points or weighted price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sourcing.bids.rules.content import BidContent
from sourcing.evaluations.rules.abnormal import AbnormallyLow, abnormally_low
from sourcing.evaluations.rules.inputs import EvaluationInputs, JudgedBid, Known
from sourcing.evaluations.rules.knockouts import knocked_out
from sourcing.evaluations.rules.meat import Factor, as_decimal, denominator
from sourcing.evaluations.rules.ownership import Offered, Owned, Part, off_for, owned
from sourcing.evaluations.rules.points import Judged, points_of
from sourcing.evaluations.rules.results import (
    EvaluatedLot,
    EvaluationResult,
    LowPrice,
    OwnedItem,
    PriceWeighing,
    RankedBid,
    six,
)
from sourcing.evaluations.rules.scoring import places
from sourcing.tenders.rules.content import TenderLot
from sourcing.tenders.rules.criteria import Method

HUNDRED = 100
NOT_JUSTIFIED = "It is abnormally low, and its justification was not accepted."
NOT_DECIDED = "It is abnormally low, and to be justified before it can win."


@dataclass(slots=True)
class _Bid:
    bid: JudgedBid
    out: str | None
    owned: dict[int, Owned] = field(default_factory=dict)
    low: list[AbnormallyLow] = field(default_factory=list)

    @property
    def supplier(self) -> str:
        return str(self.bid.supplier_id)

    def part(self, part: Part) -> Fraction:
        return sum((one.parts.get(part, Fraction(0)) for one in self.owned.values()), Fraction(0))

    @property
    def cost(self) -> Fraction:
        return sum((one.total for one in self.owned.values()), Fraction(0))


def judge(inputs: EvaluationInputs) -> EvaluationResult:
    """Return the ranking of each lot; of the same inputs always the same, byte by byte."""
    lots = [_judge_lot(inputs, lot) for lot in inputs.content.lots]
    return EvaluationResult(round=inputs.round, currency=inputs.content.currency, lots=lots)


def _judge_lot(inputs: EvaluationInputs, lot: TenderLot) -> EvaluatedLot:
    bids = [_begun(inputs, lot, bid) for bid in inputs.bids if _offers(bid, lot)]
    _find_low(inputs, lot, bids)
    method, ranked = inputs.content.method, [one for one in bids if one.out is None]
    if method is Method.WEIGHTED_PRICE:
        weighings = {one.supplier: _weighed(inputs, one) for one in ranked}
        shown = {
            supplier: {"weighing": how, "weighted": price} for supplier, (how, price) in weighings.items()
        }
        place = places({supplier: price for supplier, (_, price) in weighings.items()}, highest_first=False)
    else:
        found = points_of(inputs, [_judged(inputs, lot, one) for one in ranked])
        shown = {
            supplier: {"criteria": how, "points": six(total)} for supplier, (how, total) in found.items()
        }
        place = places({supplier: total for supplier, (_, total) in found.items()})
    results = [(place.get(one.supplier), one, shown.get(one.supplier, {})) for one in bids]
    # Of bids that were received at one moment, the one that was kept first stands first.
    results.sort(key=lambda found: (found[0] is None, found[0] or 0, found[1].bid.received_at))
    return EvaluatedLot(lot=lot.code, method=method, bids=[_shown(inputs, lot, *one) for one in results])


def _offers(bid: JudgedBid, lot: TenderLot) -> bool:
    if bid.content is None:
        return True
    numbers = {item.number for item in lot.items}
    return not bid.content.prices or any(price.item in numbers for price in bid.content.prices)


def _begun(inputs: EvaluationInputs, lot: TenderLot, bid: JudgedBid) -> _Bid:
    if bid.why_not is not None or bid.content is None:
        return _Bid(bid, bid.why_not or "It could not be read.")
    out = knocked_out(inputs.content, bid.supplier_id, bid.content, inputs.marks) or _unfit(lot, bid.content)
    found = _Bid(bid, out)
    if _unfit(lot, bid.content) is None:
        found.owned = _owned(inputs, lot, bid.supplier_id, bid.content)
    return found


def _unfit(lot: TenderLot, bid: BidContent) -> str | None:
    prices = {price.item: price for price in bid.prices}
    for item in lot.items:
        price = prices.get(item.number)
        if price is None:
            return f"It has no price for item {item.number}."
        if price.capacity is not None and price.capacity < item.quantity:
            return f"Of item {item.number}, it can deliver {price.capacity:f} of {item.quantity:f}."
    return None


def _owned(inputs: EvaluationInputs, lot: TenderLot, supplier_id: UUID, bid: BidContent) -> dict[int, Owned]:
    prices = {price.item: price for price in bid.prices}
    off = off_for(bid, [item.number for item in lot.items])
    nothing = Known()
    return {
        item.number: owned(
            Offered(
                item=item,
                price=prices[item.number],
                supplier_id=supplier_id,
                rate=inputs.content.currencies[bid.currency],
                payment_days=bid.payment_days or 0,
                off=off.get(item.number, Decimal(0)),
                known=inputs.known.get(supplier_id, nothing),
                median=inputs.medians.get(item.category, nothing),
            ),
            inputs.content.ownership,
            inputs.duties,
        )
        for item in lot.items
    }


def _find_low(inputs: EvaluationInputs, lot: TenderLot, bids: Sequence[_Bid]) -> None:
    """Say which bids are abnormally low, and put those out that were not justified."""
    final = {one.supplier: _exactly(one.part(Part.PRICE)) for one in bids if one.out is None}
    initial = {one.supplier: final[one.supplier] for one in bids if one.out is None}
    for one in bids:
        first = one.bid.initial
        if one.out is None and first is not None and _unfit(lot, first) is None:
            of_first = _owned(inputs, lot, one.bid.supplier_id, first)
            amounts = (found.parts[Part.PRICE] for found in of_first.values())
            initial[one.supplier] = _exactly(sum(amounts, Fraction(0)))
    decided = {(str(one.supplier_id), one.lot): one.accepted for one in inputs.justified}
    for low in abnormally_low(initial, final):
        bid = next(one for one in bids if one.supplier == low.bidder)
        bid.low.append(low)
        accepted = decided.get((low.bidder, lot.code))
        if accepted is not True:
            bid.out = NOT_DECIDED if accepted is None else NOT_JUSTIFIED


def _exactly(amount: Fraction) -> Decimal:
    """Return an amount as it is compared, to twelve places: only quotients of rates have more."""
    return as_decimal(amount, 12)


def _weighed(inputs: EvaluationInputs, one: _Bid) -> tuple[PriceWeighing, Decimal]:
    content = one.bid.content
    shares = {
        factor.code: factor.share_of(None if content is None else content.answer_to(factor.asked))
        or Decimal(0)
        for factor in inputs.content.factors
    }
    divisor = denominator(
        [Factor(factor.most / HUNDRED, shares[factor.code] / HUNDRED) for factor in inputs.content.factors]
    )
    life_cycle = one.part(Part.LIFE_CYCLE)
    price = one.cost - life_cycle
    shown = PriceWeighing(
        price=six(price),
        denominator=str(divisor),
        life_cycle=six(life_cycle),
        shares={code: f"{share:f}" for code, share in shares.items()},
    )
    return shown, as_decimal(price / divisor + life_cycle, 2)


def _judged(inputs: EvaluationInputs, lot: TenderLot, one: _Bid) -> Judged:
    content = one.bid.content
    if content is None:
        raise ValueError("a bid that could not be read has no points")
    numbers = {item.number for item in lot.items}
    days = [price.lead_time_days for price in content.prices if price.item in numbers]
    stated = [one_day for one_day in days if one_day is not None]
    return Judged(
        supplier_id=one.bid.supplier_id,
        content=content,
        cost=one.cost,
        lead_time=max(stated) if stated and len(stated) == len(days) else None,
        known=inputs.known.get(one.bid.supplier_id, Known()),
        medians=[inputs.medians.get(item.category, Known()) for item in lot.items],
    )


def _shown(
    inputs: EvaluationInputs, lot: TenderLot, place: int | None, one: _Bid, ranked: Mapping[str, object]
) -> RankedBid:
    decided = {(str(of.supplier_id), of.lot): of.accepted for of in inputs.justified}
    items = [
        OwnedItem(
            item=number,
            quantity=found.quantity,
            unit_price=found.unit_price,
            parts={part: six(amount) for part, amount in found.parts.items()},
            estimated=list(found.estimated),
            unknown=list(found.unknown),
            total=six(found.total),
        )
        for number, found in one.owned.items()
    ]
    low = [
        LowPrice(
            why=found.why,
            against=six(found.against),
            under_percent=six(found.under * HUNDRED),
            accepted=decided.get((one.supplier, lot.code)),
        )
        for found in one.low
    ]
    more = {"criteria": [], "points": None, "weighted": None, "weighing": None} | dict(ranked)
    return RankedBid(
        supplier_id=one.bid.supplier_id,
        place=place,
        out=one.out,
        amount=six(one.part(Part.PRICE)) if one.owned else None,
        cost=six(one.cost) if one.owned else None,
        items=items,
        low=low,
        **more,
    )
