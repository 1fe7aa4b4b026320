"""Documents speak of days from 1990 to 2100, in every service."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from purveyor.days import Day

DAY: TypeAdapter[date] = TypeAdapter(Day)


@pytest.mark.parametrize("stated", ["1990-01-01", "2026-11-28", "2100-12-31"])
def test_days_of_companies_papers_are_taken(stated: str) -> None:
    assert DAY.validate_python(stated).isoformat() == stated


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("1989-12-31", "lies before 1990"),
        ("0026-03-02", "lies before 1990"),
        ("1900-01-01", "lies before 1990"),
        ("1970-01-01", "lies before 1990"),
        ("2101-01-01", "lies after 2100"),
        ("9999-12-31", "lies after 2100"),
        ("2206-03-02", "lies after 2100"),
    ],
)
def test_years_that_stand_for_something_else_are_refused_with_the_reason(stated: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        DAY.validate_python(stated)
