"""Documents speak of days from 1990 to 2100, in every service."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from purveyor.days import Day, Moment

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


@pytest.mark.parametrize(
    "stated", [0, 1_772_409_600, "0", "1772409600", 1.5, "2026-03-02T00:00:00", "20260302"]
)
def test_a_number_or_a_time_is_no_day(stated: object) -> None:
    with pytest.raises(ValidationError, match="a day is written as in 2026-03-02"):
        DAY.validate_python(stated)


@pytest.mark.parametrize("stated", [0, 1.5, "0.5", "1772409600", "2026-03-02T09:30:00", "2026-03-02"])
def test_a_moment_is_no_number_and_has_its_offset(stated: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(stated)
    assert TypeAdapter(Moment).validate_python("2026-03-02T09:30:00+01:00").hour == 9


def test_a_day_that_is_one_already_and_one_with_blanks_around_it_are_taken() -> None:
    assert DAY.validate_python(date(2026, 3, 2)) == DAY.validate_python(" 2026-03-02 ") == date(2026, 3, 2)
