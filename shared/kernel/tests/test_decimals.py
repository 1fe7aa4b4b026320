"""What is taken for a decimal: what the contract says one looks like."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from purveyor.decimals import AS_WRITTEN

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
