"""What is taken for a decimal: what the contract says one looks like."""

import re
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from purveyor.decimals import AS_WRITTEN, form_of

STATED: TypeAdapter[Decimal] = TypeAdapter(Annotated[Decimal, AS_WRITTEN])


@given(st.decimals("-1e20", "1e20", places=6))
def test_a_decimal_is_read_as_it_is_written(number: Decimal) -> None:
    if number:  # -0 is none
        assert STATED.validate_python(f"{number:f}") == number
        assert STATED.validate_json(f'"{number:f}"') == number
    assert STATED.validate_python(number) == number


@pytest.mark.parametrize(
    "stated",
    [
        "1E3",
        "1e3",
        "-0",
        "-0.00",
        "1_000",
        "1,000",
        "+1",
        " 1",
        "1 ",
        "1.",
        ".5",
        "",
        "\uff11\uff10",
        "NaN",
        "Infinity",
        "0x10",
        "9" * 101,
    ],
)
def test_what_only_looks_like_one_is_refused(stated: str) -> None:
    with pytest.raises(
        ValidationError, match='is a text of digits, with a point where there is a fraction: "1000"'
    ):
        STATED.validate_python(stated)


@pytest.mark.parametrize("stated", ["1000", "12.5", "1e3", "true", "null", "[]"])
def test_a_number_of_json_is_refused(stated: Any) -> None:
    with pytest.raises(ValidationError, match="is a text of digits"):
        STATED.validate_json(stated)


BOUNDS: list[dict[str, Any]] = [
    {},
    {"ge": 0},
    {"gt": 0},
    {"ge": 0, "le": 100},
    {"gt": 0, "le": 100},
    {"ge": 0, "max_digits": 5, "decimal_places": 2},
    {"gt": 0, "max_digits": 5, "decimal_places": 2},
    {"ge": 0, "le": 100, "max_digits": 4, "decimal_places": 1},
    {"gt": 0, "le": 100, "max_digits": 5, "decimal_places": 2},
    {"ge": -100, "le": 100, "max_digits": 9, "decimal_places": 6},
    {"ge": 0, "max_digits": 3, "decimal_places": 0},
]


@pytest.mark.parametrize("bounds", BOUNDS, ids=str)
@given(st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{1,4})?", fullmatch=True))
def test_what_has_the_documented_form_is_taken_and_what_is_taken_has_it(
    bounds: dict[str, Any], text: str
) -> None:
    bounded: TypeAdapter[Decimal] = TypeAdapter(Annotated[Decimal, Field(**bounds), AS_WRITTEN])
    schema = bounded.json_schema()
    assert schema["type"] == "string"
    has_form = re.match(schema["pattern"], text) is not None
    try:
        plain = f"{bounded.validate_python(text).normalize():f}"
    except ValidationError:
        below = text.startswith("-") and "-?" in schema["pattern"]  # -0, and what is below another bound
        assert below or not has_form
    else:
        assert re.match(schema["pattern"], plain)


def test_a_number_that_may_be_below_zero_may_have_its_sign() -> None:
    assert re.match(form_of({"ge": -100, "le": 100}), "-0.12")
