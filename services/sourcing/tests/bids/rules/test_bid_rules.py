"""What a bid may say, what it asks for a quantity, and how it is sealed."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import InvalidError
from sourcing.bids.rules.checks import check_bid
from sourcing.bids.rules.content import BID, BidContent, BidPrice
from sourcing.bids.rules.quantities import amount, sold, unit_price
from sourcing.bids.store.sealing import PADDED_TO, Place, seal, unseal, unwrap
from sourcing.tenders.rules.content import CONTENT, TenderContent, TenderKind

CLOSES = date(2026, 12, 18)
PRICE = BID["prices"][0]
NUMBERS = st.integers(1, 2_000).map(Decimal)


def check(kind: TenderKind = TenderKind.RFQ, terms: Any = None, **changes: Any) -> None:
    tender = deepcopy(CONTENT) | ({} if terms is None else {"terms": terms})
    check_bid(kind, TenderContent.model_validate(tender), BidContent.model_validate(BID | changes), CLOSES)


def test_the_example_answers_the_example() -> None:
    check()
    check(currency="USD")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"currency": "CHF"}, "/currency"),
        ({"valid_until": "2027-01-16"}, "/valid_until"),
        ({"prices": [PRICE | {"item": 9}]}, "/prices/0/item"),
        ({"prices": [PRICE, PRICE]}, "/prices/1/item"),
        ({"prices": []}, "/prices"),
        ({"prices": [PRICE | {"alternative": "A4"}]}, "/prices/0/alternative"),
        ({"prices": [PRICE | {"breaks": [{"from_quantity": "5", "price": "1"}] * 2}]},
         "/prices/0/breaks/1/from_quantity"),
        ({"prices": [PRICE | {"cost": dict.fromkeys(("material", "labour", "overhead", "margin"), "1")}]},
         "/prices/0/cost"),
        ({"bundles": [{"items": [1, 9], "all_or_nothing": True}]}, "/bundles/0/items/1"),
        ({"bundles": [{"items": [1, 1], "all_or_nothing": True}]}, "/bundles/0/items/1"),
        ({"bundles": [{"items": [1, 1]}]}, "/bundles/0/percent_off"),
        ({"answers": []}, "/answers"),
        ({"answers": [{"question": "x", "text": "y"}]}, "/answers/0/question"),
        ({"answers": BID["answers"] * 2}, "/answers/1/question"),
    ],
)  # fmt: skip
def test_a_bid_that_does_not_answer_its_tender_is_refused_where_it_does_not(
    changes: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        check(**changes)
    assert pointer in [error.pointer for error in refused.value.errors]


def test_a_bid_is_for_all_items_unless_it_may_be_partial_and_without_prices_where_none_are_asked() -> None:
    with pytest.raises(InvalidError, match="for all items"):
        check(terms={"partial_bids": False}, prices=[])
    check(TenderKind.RFI, prices=[])
    with pytest.raises(InvalidError, match="no prices"):
        check(TenderKind.RFI)


def price(**changes: Any) -> BidPrice:
    return BidPrice.model_validate({"item": 1, "price": "2"} | changes)


def test_who_needs_150_in_packs_of_100_buys_200() -> None:
    assert sold(Decimal(150), price(pack_size="100")) == 200
    assert amount(Decimal(150), price(pack_size="100")) == 400


def test_a_minimum_value_is_met_by_more_of_it() -> None:
    assert sold(Decimal(10), price(minimum_value="100")) == 50
    cheaper = price(minimum_value="100", breaks=[{"from_quantity": "20", "price": "1"}])
    assert sold(Decimal(10), cheaper) == 100
    assert sold(Decimal(10), price(price="0", minimum_value="100")) == 10


@given(needed=NUMBERS, pack=NUMBERS, least=NUMBERS, breaks=st.lists(NUMBERS, unique=True, max_size=3))
def test_what_is_sold_is_enough_in_whole_packs_and_not_a_pack_too_many(
    needed: Decimal, pack: Decimal, least: Decimal, breaks: list[Decimal]
) -> None:
    offered = price(
        pack_size=str(pack),
        minimum_quantity=str(least),
        breaks=[{"from_quantity": str(one), "price": "1"} for one in sorted(breaks)],
    )
    quantity = sold(needed, offered)
    assert quantity >= max(needed, least)
    assert quantity % pack == 0
    assert quantity - pack < max(needed, least)
    assert unit_price(quantity, offered) == (1 if breaks and quantity >= min(breaks) else 2)


def test_a_bid_is_read_by_its_own_key_and_by_its_tenders_and_is_bound_to_its_place() -> None:
    opening, where = X25519PrivateKey.generate(), Place(uuid4(), uuid4(), 1)
    content = BidContent.model_validate(BID)
    sealed = seal(content, where, opening.public_key().public_bytes_raw())
    assert unseal(sealed.content, where, sealed.key) == content
    assert unwrap(sealed.wrapped, where, opening) == sealed.key
    assert len(sealed.content) == 12 + PADDED_TO + 16
    for other in (Place(where.tender_id, where.supplier_id, 2), Place(uuid4(), where.supplier_id, 1)):
        with pytest.raises(ValueError, match="changed since"):
            unseal(sealed.content, other, sealed.key)
        with pytest.raises(ValueError, match="another tender"):
            unwrap(sealed.wrapped, other, opening)
    with pytest.raises(ValueError, match="another tender"):
        unwrap(sealed.wrapped, where, X25519PrivateKey.generate())
