"""What may be stated of an item, and the words by which it is found."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.items.rules import definitions, numbers
from purveyor.errors import InvalidError

BOX = {"unit": "XBX", "quantity": "1", "base_quantity": "12", "gtin": "14006381333938"}


def stated(**changes: Any) -> dict[str, Any]:
    return {
        "description": "Hexagon bolt M8 × 40",
        "base_unit": "C62",
        "conversions": [BOX],
        "gtin": "04006381333931",
        "makers": [{"maker": "Nordschraube AG", "part_number": "NS-8040-Z"}],
    } | changes


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("4006381333931", "04006381333931"),
        ("14006381333938", "14006381333938"),
        ("036000291452", "00036000291452"),
        ("96385074", "00000096385074"),
        ("4 006381 333931", "04006381333931"),
    ],
)
def test_a_gtin_of_any_length_is_kept_in_the_fourteen_digits_of_a_barcode(number: str, kept: str) -> None:
    assert numbers.gtin(number) == kept


@given(st.integers(0, 9))
def test_only_one_check_digit_is_right(digit: int) -> None:
    if digit == 1:
        assert numbers.gtin(f"400638133393{digit}")
        return
    with pytest.raises(ValueError, match="the last one checks the others"):
        numbers.gtin(f"400638133393{digit}")


@pytest.mark.parametrize("number", ["123", "4006381333931000", "400638133393X", ""])
def test_what_is_no_gtin_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="is no GTIN"):
        numbers.gtin(number)


@pytest.mark.parametrize(
    ("code", "kept"), [("731815", "731815"), ("7318.15 88", "73181588"), ("7318158890", "7318158890")]
)
def test_a_code_of_the_harmonized_system_is_kept_in_digits(code: str, kept: str) -> None:
    assert numbers.hs_code(code) == kept


@pytest.mark.parametrize("code", ["73181", "7318158", "731815889", "73181588901", "7318x5", "\u0667" * 6])
def test_what_is_no_such_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is no HS code"):
        numbers.hs_code(code)


def test_an_item_that_contradicts_nothing_is_taken() -> None:
    definitions.check_definition(stated())
    definitions.check_definition(stated(conversions=[], gtin=None, makers=[]))


@pytest.mark.parametrize(
    ("changes", "pointer", "says"),
    [
        (
            {"base_unit": "PIECE"},
            "/base_unit",
            "'PIECE' is not a UN/ECE Recommendation 20 code, such as C62 (one) or KGM",
        ),
        (
            {"conversions": [BOX | {"unit": "BOX"}]},
            "/conversions/0/unit",
            "'BOX' is not a UN/ECE Recommendation 20 code, such as C62 (one) or KGM",
        ),
        ({"conversions": [BOX | {"unit": "C62"}]}, "/conversions/0/unit", "C62 is stated twice"),
        ({"conversions": [BOX, BOX | {"gtin": None}]}, "/conversions/1/unit", "XBX is stated twice"),
        (
            {"gtin": BOX["gtin"]},
            "/conversions/0/gtin",
            f"{BOX['gtin']} is on another unit of the item: each has its own",
        ),
        ({"makers": [{"maker": "A", "part_number": "1"}] * 2}, "/makers/1", "is stated twice"),
    ],
)
def test_what_an_item_cannot_be_is_named(changes: dict[str, Any], pointer: str, says: str) -> None:
    with pytest.raises(InvalidError) as refused:
        definitions.check_definition(stated(**changes))
    [error] = refused.value.errors
    assert (refused.value.code, error.pointer) == ("item_invalid", pointer)
    assert error.detail == says
    assert refused.value.detail == "The item contradicts itself."


def test_each_unit_has_its_own_number() -> None:
    assert definitions.gtins(stated()) == {"04006381333931": "C62", "14006381333938": "XBX"}
    assert definitions.gtins(stated(gtin=None, conversions=[BOX | {"gtin": None}])) == {}


def test_an_item_is_found_by_the_words_of_its_code_its_description_and_its_makers() -> None:
    assert definitions.found_by("M8-HEX-40", stated()) == sorted(
        {"m8", "hex", "40", "hexagon", "bolt", "nordschraube", "ag", "ns", "8040", "z"}
    )
