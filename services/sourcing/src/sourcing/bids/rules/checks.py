"""Which bids answer a tender: its items, its currencies, breaks that rise, what it wants to know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from purveyor.errors import FieldError, InvalidError
from sourcing.bids.rules.content import BidContent, BidPrice
from sourcing.tenders.rules.content import TenderContent, TenderKind
from sourcing.tenders.rules.criteria import OF_NUMBERS, number_of


def check_bid(kind: TenderKind, tender: TenderContent, bid: BidContent, closes_on: date) -> None:
    """Raise InvalidError for a bid that does not answer a tender, naming each field that does not."""
    errors = [*_prices(kind, tender, bid), *_bundles(bid), *_answers(tender, bid)]
    if bid.currency not in tender.currencies:
        allowed = ", ".join(tender.currencies)
        errors.append(FieldError("/currency", f"This tender is bid for in {allowed}."))
    least = closes_on + timedelta(days=tender.terms.valid_days)
    if bid.valid_until < least:
        errors.append(FieldError("/valid_until", f"A bid holds until {least} at least."))
    if errors:
        raise InvalidError("bid_unfit", errors[0].detail, errors=errors)


def _prices(kind: TenderKind, tender: TenderContent, bid: BidContent) -> Iterator[FieldError]:
    items = {item.number for _, _, item in tender.items()}
    seen: set[int] = set()
    for place, price in enumerate(bid.prices):
        at = f"/prices/{place}"
        if price.item not in items:
            yield FieldError(f"{at}/item", f"The tender has no item {price.item}.")
        if price.item in seen:
            yield FieldError(f"{at}/item", f"Item {price.item} has a price already.")
        seen.add(price.item)
        if price.alternative is not None and not tender.terms.alternatives:
            yield FieldError(f"{at}/alternative", "This tender takes no alternatives.")
        yield from _breaks(at, price)
    if kind is TenderKind.RFI:
        if bid.prices:
            yield FieldError("/prices", "A request for information asks for no prices.")
    elif not tender.terms.partial_bids and items - seen:
        missing = ", ".join(map(str, sorted(items - seen)[:10]))
        yield FieldError("/prices", f"A bid is for all items; there is no price for {missing}.")
    elif not bid.prices:
        yield FieldError("/prices", "A bid has a price.")


def _breaks(at: str, price: BidPrice) -> Iterator[FieldError]:
    before = None
    for place, one in enumerate(price.breaks):
        if before is not None and one.from_quantity <= before.from_quantity:
            yield FieldError(
                f"{at}/breaks/{place}/from_quantity",
                f"It overlaps with the break before, from {before.from_quantity:f} on.",
            )
        before = one
    cost = price.cost
    if cost is not None and cost.material + cost.labour + cost.overhead + cost.margin != price.price:
        yield FieldError(f"{at}/cost", "Its parts are not the price.")


def _bundles(bid: BidContent) -> Iterator[FieldError]:
    priced = {price.item for price in bid.prices}
    for place, bundle in enumerate(bid.bundles):
        at = f"/bundles/{place}"
        for number, item in enumerate(bundle.items):
            if item not in priced:
                yield FieldError(f"{at}/items/{number}", f"There is no price for item {item}.")
            if item in bundle.items[:number]:
                yield FieldError(f"{at}/items/{number}", f"Item {item} stands in it already.")
        if not bundle.all_or_nothing and bundle.percent_off is None:
            yield FieldError(f"{at}/percent_off", "Say that it is all or nothing, or what is taken off.")


def _answers(tender: TenderContent, bid: BidContent) -> Iterator[FieldError]:
    asked = {one.code for one in tender.asked}
    numbers = {one.asked for one in tender.criteria if one.formula in OF_NUMBERS}
    options = {one.asked: {o.answer.casefold(): o.answer for o in one.options} for one in tender.factors}
    seen: set[str] = set()
    for place, answer in enumerate(bid.answers):
        if answer.question not in asked:
            yield FieldError(f"/answers/{place}/question", f"Nobody asks {answer.question}.")
        if answer.question in seen:
            yield FieldError(f"/answers/{place}/question", f"{answer.question} is answered already.")
        seen.add(answer.question)
        if answer.question in numbers and number_of(answer.text) is None:
            yield FieldError(f"/answers/{place}/text", "A number is asked for: digits, and a point at most.")
        if answer.question in options and answer.text.casefold() not in options[answer.question]:
            allowed = "; ".join(options[answer.question].values())
            yield FieldError(f"/answers/{place}/text", f"One of these is asked for: {allowed}.")
    missing = [one.code for one in tender.asked if one.mandatory and one.code not in seen]
    if missing:
        yield FieldError("/answers", f"To be answered: {', '.join(missing)}.")
