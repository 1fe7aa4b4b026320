"""What an order takes over of requisitions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.requested import borne_by, charged_to, check_as_requested, repointed
from purveyor.errors import FieldError, InvalidError


@dataclass
class Share:
    """What a cost centre bears."""

    cost_centre: str
    amount: Decimal
    project: str | None = None
    share: Decimal = Decimal(100)


@dataclass
class Asked:
    """What a requested line asks for."""

    order_line_number: int = 1
    item: str | None = "M8"
    category: str = "fasteners"
    unit: str = "C62"


def line(number: int = 1, item: str = "M8", category: str = "fasteners", unit: str = "C62") -> DraftLine:
    one = Decimal(1)
    return DraftLine(number, item, "Bolt", category, one, unit, one, one, date(2026, 3, 20))


def test_an_order_names_the_cost_centre_that_bears_most_and_a_project_where_all_is_for_it() -> None:
    shares = [
        Share("b", Decimal(30), "P-17"),
        Share("a", Decimal(20), "P-17"),
        Share("a", Decimal(11), "P-17"),
    ]
    assert charged_to(shares) == ("a", "P-17")
    assert charged_to([*shares, Share("b", Decimal(1))]) == ("a", None)
    assert charged_to([Share("b", Decimal(1)), Share("a", Decimal(1))]) == ("a", None)


@given(
    st.decimals(0, 10_000, places=2),
    st.lists(st.decimals(Decimal("0.000001"), 50, places=6), min_size=1, max_size=6),
)
def test_what_a_requested_line_costs_is_borne_by_its_shares_to_the_last_cent(
    cost: Decimal, shares: list[Decimal]
) -> None:
    requested = [Share(f"c{at}", Decimal(0), "P-17", share) for at, share in enumerate(shares)]
    borne = borne_by(requested, cost, "EUR")
    assert sum(borne.values()) == cost
    assert list(borne) == [(one.cost_centre, "P-17") for one in requested]
    for one, part in zip(requested, borne.values(), strict=True):
        assert abs(part - cost * one.share / sum(shares)) < Decimal("0.01")


def test_a_line_orders_the_item_the_category_and_the_unit_that_were_requested() -> None:
    check_as_requested(
        [Asked(), Asked(2, None)], [line(), line(2, "anything"), line(3, "M9", "other", "KGM")]
    )
    with pytest.raises(InvalidError) as caught:
        check_as_requested([Asked(), Asked(2)], [line(2, "M9", "gold", "KGM"), line(1)])
    assert caught.value.code == "not_as_requested"
    assert [(one.pointer, one.detail) for one in caught.value.errors] == [
        ("/lines/0/item", "M8 was requested"),
        ("/lines/0/category", "fasteners was requested"),
        ("/lines/0/unit", "C62 was requested"),
    ]


def test_what_is_wrong_with_an_order_is_said_of_the_lines_that_the_buyer_named() -> None:
    problems = [FieldError("/lines/1/promised_on", "too early"), FieldError("/currency", "gone")]
    shown = repointed(InvalidError("dates_invalid", "Dates.", errors=problems, more=1), {0: 4, 1: 7})
    assert [one.pointer for one in shown.errors] == ["/lines/7/promised_on", "/currency"]
    assert (shown.code, shown.detail, shown.extensions) == ("dates_invalid", "Dates.", {"more": 1})
    assert (
        repointed(InvalidError("x", "y", errors=[FieldError("/lines", "z")]), {}).errors[0].pointer
        == "/lines"
    )
