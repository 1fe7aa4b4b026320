"""Which way a need goes: the first row that holds for it, with the reasons."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from procurement.intake.rules import (
    Chosen,
    Facts,
    IntakeRoutes,
    NeedStatus,
    Route,
    RouteConditions,
    RouteRow,
    SupplierIs,
    check_startable,
    choose,
    status_of,
)
from procurement.requisitions.rules.stated import LineKind
from purveyor.errors import ConflictError

BOLTS = Facts(
    kind=LineKind.ITEM,
    category="fasteners",
    within=("metalware",),
    business_unit="drives",
    country="DE",
    value=Decimal("210.00"),
    agreement=None,
    supplier=SupplierIs.UNNAMED,
    risk=None,
)
CONDITIONS: list[tuple[dict[str, Any], Facts, str]] = [
    ({"kinds": ["service"]}, replace(BOLTS, kind=LineKind.SERVICE), "it is of the kind service"),
    ({"categories": ["metalware"]}, BOLTS, "it is of the category metalware"),
    ({"business_units": ["drives"]}, BOLTS, "it is for drives"),
    ({"countries": ["DE"]}, BOLTS, "it is for a site in DE"),
    ({"value_from": "210"}, BOLTS, "210 EUR is 210 or more"),
    ({"value_below": "210.01"}, BOLTS, "210 EUR is less than 210.01"),
    ({"agreement": True}, replace(BOLTS, agreement="BO-000042"), "BO-000042 has it"),
    ({"agreement": False}, BOLTS, "no blanket order has it"),
    (
        {"supplier": ["not_qualified"]},
        replace(BOLTS, supplier=SupplierIs.NOT_QUALIFIED),
        "its supplier is not qualified",
    ),
    ({"at_risk": True}, replace(BOLTS, risk="supplier suspended"), "supplier suspended"),
    ({"at_risk": False}, BOLTS, "nothing speaks against its supplier"),
]
FAILING: list[dict[str, Any]] = [
    {"kinds": ["service"]},
    {"categories": ["other"]},
    {"categories": []},
    {"business_units": ["pumps"]},
    {"countries": ["FR"]},
    {"value_from": "210.01"},
    {"value_below": "210"},
    {"agreement": True},
    {"supplier": ["qualified"]},
    {"at_risk": True},
]


def table(*rows: tuple[str, dict[str, Any], Route]) -> IntakeRoutes:
    made = [
        RouteRow(name=name, when=RouteConditions(**when), route=route, reason=f"said of {name}")
        for name, when, route in rows
    ]
    return IntakeRoutes(rows=tuple(made))


@pytest.mark.parametrize(("when", "facts", "why"), CONDITIONS)
def test_a_row_holds_where_its_condition_does_and_says_so(
    when: dict[str, Any], facts: Facts, why: str
) -> None:
    found = choose(table(("one", when, Route.TENDER)), facts)
    assert found == Chosen(Route.TENDER, "one", ("said of one", why))


@pytest.mark.parametrize("when", FAILING)
def test_a_row_does_not_hold_where_any_of_its_conditions_does_not(when: dict[str, Any]) -> None:
    rows: tuple[tuple[str, dict[str, Any], Route], ...] = (
        ("no", when, Route.TENDER),
        ("yes", {}, Route.CATALOGUE),
    )
    assert choose(table(*rows), BOLTS) == Chosen(Route.CATALOGUE, "yes", ("said of yes",))
    both = table(("no", {"value_from": "1"} | when, Route.TENDER))
    assert choose(both, BOLTS).row is None


@given(holding=st.lists(st.booleans(), min_size=1, max_size=6))
def test_the_first_row_that_holds_chooses_and_none_leaves_what_was_decided_otherwise(
    holding: list[bool],
) -> None:
    rows: list[tuple[str, dict[str, Any], Route]] = [
        (f"row {nth}", {"business_units": ["drives" if holds else "pumps"]}, Route.TENDER)
        for nth, holds in enumerate(holding)
    ]
    found = choose(table(*rows), BOLTS)
    if any(holding):
        assert found.row == f"row {holding.index(True)}"
    else:
        assert found == Chosen(Route.THREE_QUOTES, None, ("Nothing else was decided: ask three suppliers.",))


def test_before_anybody_decided_what_is_agreed_is_called_off_and_an_item_is_requested() -> None:
    default = IntakeRoutes()
    assert choose(default, replace(BOLTS, agreement="BO-000042")).route == Route.CALL_OFF
    assert choose(default, replace(BOLTS, supplier=SupplierIs.NOT_QUALIFIED)).route == Route.QUALIFY_SUPPLIER
    assert choose(default, BOLTS).route == Route.CATALOGUE
    assert choose(default, replace(BOLTS, kind=LineKind.SERVICE)).route == Route.THREE_QUOTES


def test_no_two_rows_have_one_name() -> None:
    with pytest.raises(ValidationError, match="names a row twice: one"):
        table(("one", {}, Route.TENDER), ("one", {}, Route.CATALOGUE))


@pytest.mark.parametrize(
    ("route", "document", "delivered", "status"),
    [
        ("refused", None, False, NeedStatus.REFUSED),
        ("tender", None, False, NeedStatus.ROUTED),
        ("tender", "approved", False, NeedStatus.STARTED),
        ("tender", "closed", True, NeedStatus.FULFILLED),
        ("tender", "closed", False, NeedStatus.CLOSED),
        ("tender", "rejected", False, NeedStatus.CLOSED),
        ("tender", "withdrawn", False, NeedStatus.CLOSED),
        ("call_off", "cancelled", False, NeedStatus.CLOSED),
    ],
)
def test_a_need_stands_where_its_document_does(
    route: str, document: str | None, delivered: bool, status: NeedStatus
) -> None:
    assert status_of(route, document, delivered=delivered) == status


def test_what_goes_no_way_or_is_on_its_way_is_not_started() -> None:
    check_startable("tender", started=False)
    with pytest.raises(ConflictError, match="goes no way") as caught:
        check_startable("refused", started=False)
    assert (caught.value.code, caught.value.extensions) == ("wrong_state", {"allowed": []})
    with pytest.raises(ConflictError, match="has been started"):
        check_startable("tender", started=True)
