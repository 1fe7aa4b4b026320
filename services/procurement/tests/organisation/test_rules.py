"""What an order may name of the organisation on its day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.organisation.rules import Named, check_named
from procurement.periods import check_period, why_not_valid
from purveyor.errors import InvalidError

DAY = date(2026, 3, 2)
THERE = Named("drives", None, None, "4711", None, None, None)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(days | st.none(), days | st.none(), days)
def test_a_period_holds_its_first_and_its_last_day_and_no_bound_is_none(
    begins: date | None, ends: date | None, day: date
) -> None:
    is_valid = (begins or date.min) <= day <= (ends or date.max)
    assert (why_not_valid(begins, ends, day) is None) == is_valid
    if begins and ends and begins > ends:
        with pytest.raises(InvalidError) as refused:
            check_period(begins, ends, "/periods/0")
        assert (refused.value.code, refused.value.errors[0].pointer) == (
            "period_reversed",
            "/periods/0/valid_to",
        )
    else:
        check_period(begins, ends)


@pytest.mark.parametrize(
    ("changes", "pointer", "says"),
    [
        (
            {"unit": None},
            "/business_unit",
            "no business unit drives exists; PUT /v1/business-units/drives creates it",
        ),
        (
            {"unit_from": DAY + timedelta(1)},
            "/business_unit",
            "is valid from 2026-03-03 on, and the day is 2026-03-02",
        ),
        (
            {"unit_to": DAY - timedelta(1)},
            "/business_unit",
            "was valid until 2026-03-01, and the day is 2026-03-02",
        ),
        (
            {"centre": None},
            "/cost_centre",
            "no cost centre 4711 exists; PUT /v1/cost-centres/4711 creates it",
        ),
        ({"centre_of": "pumps"}, "/cost_centre", "belongs to the business unit pumps"),
        (
            {"centre_from": DAY + timedelta(1)},
            "/cost_centre",
            "is valid from 2026-03-03 on, and the day is 2026-03-02",
        ),
        (
            {"centre_to": DAY - timedelta(1)},
            "/cost_centre",
            "was valid until 2026-03-01, and the day is 2026-03-02",
        ),
    ],
)
def test_what_is_not_there_on_the_orders_day_is_named_with_its_reason(
    changes: dict[str, object], pointer: str, says: str
) -> None:
    named = replace(THERE, **changes)  # type: ignore[arg-type]
    with pytest.raises(InvalidError) as refused:
        check_named(named, "drives", "4711", DAY)
    [error] = refused.value.errors
    assert (refused.value.code, error.pointer) == ("organisation_not_valid", pointer)
    assert error.detail == says
    assert refused.value.detail == "The order names what is not there on its day."


@pytest.mark.parametrize(
    "named",
    [
        THERE,
        replace(THERE, centre_of="drives"),
        replace(THERE, unit_from=DAY, unit_to=DAY, centre_from=DAY, centre_to=DAY),
    ],
)
def test_what_is_there_on_the_day_may_be_named(named: Named) -> None:
    check_named(named, "drives", "4711", DAY)


def test_all_that_is_not_there_is_named_at_once() -> None:
    with pytest.raises(InvalidError) as refused:
        check_named(replace(THERE, unit=None, centre=None), "drives", "4711", DAY)
    assert [error.pointer for error in refused.value.errors] == ["/business_unit", "/cost_centre"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"project": None}, "no project P-17 exists; PUT /v1/projects/P-17 creates it"),
        ({"project_of": "pumps"}, "belongs to the business unit pumps"),
        ({"project_from": DAY + timedelta(1)}, "is valid from 2026-03-03 on, and the day is 2026-03-02"),
        ({"project_to": DAY - timedelta(1)}, "was valid until 2026-03-01, and the day is 2026-03-02"),
    ],
)
def test_a_project_that_an_order_cannot_name_is_refused_with_the_reason(
    changes: dict[str, Any], says: str
) -> None:
    there = replace(THERE, project="P-17", project_of="drives", project_from=DAY, project_to=DAY)
    check_named(there, "drives", "4711", DAY, "P-17")
    with pytest.raises(InvalidError) as refused:
        check_named(replace(there, **changes), "drives", "4711", DAY, "P-17")
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [("/project", says)]


def test_an_order_that_is_for_no_project_names_none() -> None:
    check_named(THERE, "drives", "4711", DAY)
