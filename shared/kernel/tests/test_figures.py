"""A figure has the decimals of its kind, whatever it was computed with."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from purveyor.figures import MeanDays, PartsPerMillion, Percent, Points, rounded


class Figures(BaseModel):
    percent: Percent
    points: Points
    ppm: PartsPerMillion
    days: MeanDays | None


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_quotient_is_shown_with_the_decimals_of_its_kind_and_as_documented(part, whole):
    value = Decimal(part) / whole
    shown = Figures(percent=value, points=value, ppm=value, days=-value).model_dump(mode="json")
    schemas = Figures.model_json_schema()["properties"]
    for name, schema in schemas.items():
        form = schema if "pattern" in schema else schema["anyOf"][0]
        assert re.fullmatch(form["pattern"], shown[name]), (name, shown[name])
    assert Decimal(shown["percent"]) == value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("value", "decimals", "is_rounded_to"),
    [
        ("96.66666666666666666666666667", 2, "96.67"),
        ("0.5", 0, "1"),
        ("-0.125", 2, "-0.13"),
        ("-0.001", 2, "0.00"),
    ],
)
def test_halves_are_rounded_away_from_zero_and_nothing_is_never_below_it(value, decimals, is_rounded_to):
    assert str(rounded(Decimal(value), decimals)) == is_rounded_to
