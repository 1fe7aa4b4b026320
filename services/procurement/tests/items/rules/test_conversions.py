"""How much of one unit is how much of another."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.items.rules.conversions import Conversion, Units
from purveyor.errors import InvalidError

BOLT = Units.of(
    "C62",
    [
        {"unit": "XBX", "quantity": "1", "base_quantity": "12"},
        {"unit": "KGM", "quantity": "3", "base_quantity": "100"},
    ],
)
numbers = st.decimals("0.000001", "999999999", places=6)
units = st.sampled_from(["C62", "XBX", "KGM"])


@pytest.mark.parametrize(
    ("quantity", "unit", "into", "expected"),
    [
        ("2", "XBX", "C62", "24"),
        ("24", "C62", "XBX", "2"),
        ("0.5", "XBX", "C62", "6"),
        ("3", "KGM", "C62", "100"),
        ("100", "C62", "KGM", "3"),
        ("18", "KGM", "XBX", "50"),
        ("7", "C62", "C62", "7"),
        ("0.000001", "C62", "C62", "0.000001"),
        ("1000", "XBX", "C62", "12000"),
    ],
)
def test_a_box_of_twelve_is_twelve_pieces(quantity: str, unit: str, into: str, expected: str) -> None:
    assert str(BOLT.exactly(Decimal(quantity), unit, into)) == expected


@pytest.mark.parametrize(("quantity", "unit", "into"), [("1", "KGM", "C62"), ("1", "C62", "XBX")])
def test_what_would_have_to_be_rounded_is_refused_and_said_how_to_state_it(
    quantity: str, unit: str, into: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        BOLT.exactly(Decimal(quantity), unit, into, "/lines/2/unit")
    assert refused.value.code == "quantity_not_exact"
    assert refused.value.errors[0].pointer == "/lines/2/unit"
    assert refused.value.detail == f"{quantity} {unit} are no exact number of {into}: state it in {into}."


@pytest.mark.parametrize(("unit", "into"), [("MTR", "C62"), ("C62", "MTR")])
def test_a_unit_that_the_item_does_not_convert_to_is_refused(unit: str, into: str) -> None:
    with pytest.raises(InvalidError) as refused:
        BOLT.converted(Decimal(1), unit, into)
    assert (refused.value.code, refused.value.errors[0].pointer) == ("unit_not_convertible", "/unit")
    assert refused.value.detail == "the item does not convert to MTR, only to C62, XBX, KGM."


@given(numbers, units, units, units)
def test_there_and_back_is_the_same_and_so_is_a_detour(
    quantity: Decimal, unit: str, into: str, over: str
) -> None:
    there = BOLT.converted(quantity, unit, into)
    assert there * (BOLT.factor(into) or 0) == Fraction(quantity) * (BOLT.factor(unit) or 0)
    half_way = BOLT.converted(quantity, unit, over) * (BOLT.factor(over) or 0) / (BOLT.factor(into) or 1)
    assert half_way == there


@given(numbers, numbers, numbers)
def test_any_factor_is_kept_exactly(quantity: Decimal, of: Decimal, base: Decimal) -> None:
    units = Units("C62", (Conversion("MTR", of, base),))
    assert units.converted(quantity, "MTR", "C62") == Fraction(quantity) * Fraction(base) / Fraction(of)
    assert units.exactly(of, "MTR", "C62") == base
    assert units.exactly(base, "C62", "MTR") == of
