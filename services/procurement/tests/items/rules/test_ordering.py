"""What an order may say of an item."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest

from procurement.items.rules.conversions import Conversion, Units
from procurement.items.rules.ordering import ItemsRequired, Known, check_items
from purveyor.errors import InvalidError

DAY = date(2026, 3, 2)
UNITS = Units("C62", (Conversion("XBX", Decimal(1), Decimal(12)),))
BOLT = Known("fasteners", None, UNITS)
FREE = {"fasteners": False, "services": False}


class Ordered(NamedTuple):
    item: str = "BOLT"
    category: str = "fasteners"
    unit: str = "C62"


def test_until_somebody_decides_what_is_no_item_is_free_text() -> None:
    assert not ItemsRequired().items_required
    check_items([Ordered(item="cleaning, once", category="services", unit="HUR")], {}, DAY, FREE)


def test_where_items_are_required_nothing_else_is_ordered() -> None:
    lines = [Ordered(), Ordered(item="a bolt"), Ordered(item="cleaning", category="services")]
    with pytest.raises(InvalidError) as refused:
        check_items(lines, {"BOLT": BOLT}, DAY, FREE | {"fasteners": True})
    [error] = refused.value.errors
    assert (refused.value.code, error.pointer) == ("items_not_valid", "/lines/1/item")
    assert error.detail == "a bolt is no item; the policy items-required takes nothing else in fasteners"


@pytest.mark.parametrize(("days", "is_bought"), [(-1, False), (0, False), (1, True)])
def test_an_item_is_bought_until_the_day_from_which_it_is_retired(days: int, is_bought: bool) -> None:
    known = {"BOLT": Known("fasteners", DAY + timedelta(days), UNITS)}
    if is_bought:
        check_items([Ordered()], known, DAY, FREE)
        return
    with pytest.raises(InvalidError) as refused:
        check_items([Ordered()], known, DAY, FREE)
    assert refused.value.errors[0].pointer == "/lines/0/item"
    why = f"BOLT is retired from {DAY + timedelta(days)} on, and the day is {DAY}"
    assert refused.value.errors[0].detail == why
    assert refused.value.detail == "Lines say of their items what is not so."


def test_a_line_is_of_its_items_category_and_in_a_unit_that_it_converts_to() -> None:
    check_items([Ordered(), Ordered(unit="XBX")], {"BOLT": BOLT}, DAY, FREE)
    with pytest.raises(InvalidError) as refused:
        check_items([Ordered(unit="KGM", category="services")], {"BOLT": BOLT}, DAY, FREE)
    assert [(error.pointer, error.detail) for error in refused.value.errors] == [
        ("/lines/0/category", "BOLT is of the category fasteners"),
        ("/lines/0/unit", "the item does not convert to KGM, only to C62, XBX"),
    ]
