"""Which tenders make sense, as the field of each mistake says."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import ConflictError, InvalidError
from sourcing.tenders.rules.checks import check_content
from sourcing.tenders.rules.content import CONTENT, TenderContent, TenderKind
from sourcing.tenders.rules.criteria import CRITERIA
from sourcing.tenders.rules.qualifying import lacking, of_other_regions
from sourcing.tenders.rules.states import MOVES, TenderMove, TenderStatus, allowed_moves, moved
from sourcing.tenders.rules.team import Member, TeamRole, bidding, openers, sees_bids

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ITEM = CONTENT["lots"][0]["items"][0]
LOT = CONTENT["lots"][0]
LINEAR = {"code": "p", "title": "P", "weight": "100", "formula": "linear"}


def check(kind: TenderKind = TenderKind.RFQ, **changes: Any) -> None:
    check_content(kind, TenderContent.model_validate(deepcopy(CONTENT) | changes), NOW)


def test_the_example_is_a_tender() -> None:
    check()


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"lots": [LOT, LOT | {"items": [ITEM | {"number": 2}]}]}, "codes_repeated", "/lots/1/code"),
        ({"lots": [LOT | {"items": [ITEM, ITEM]}]}, "codes_repeated", "/lots/0/items/1/number"),
        ({"rates": [{"currency": "EUR", "rate": "1"}]}, "codes_repeated", "/rates/0/currency"),
        ({"criteria": [*CRITERIA, CRITERIA[0]]}, "codes_repeated", "/criteria/4/code"),
        ({"lots": [LOT | {"items": []}]}, "lot_empty", "/lots/0/items"),
        ({"criteria": CRITERIA[:-1]}, "weights_do_not_add_up", "/criteria"),
        ({"criteria": [CRITERIA[0] | {"weight": "100", "formula": None}]}, "criterion_malformed",
         "/criteria/0/formula"),
        ({"criteria": [CRITERIA[0] | {"weight": "100", "parent": "price"}]}, "criterion_malformed",
         "/criteria/0/parent"),
        ({"criteria": [CRITERIA[0] | {"weight": "100", "parent": "x"}]}, "criterion_malformed",
         "/criteria/0/parent"),
        ({"criteria": [CRITERIA[0] | {"weight": "100", "asked": "x"}]}, "criterion_malformed",
         "/criteria/0/asked"),
        ({"criteria": [CRITERIA[0] | {"weight": "100", "best": "1"}]}, "criterion_malformed",
         "/criteria/0/best"),
        ({"criteria": [LINEAR]}, "criterion_malformed", "/criteria/0/best"),
        ({"criteria": [LINEAR | {"best": "1", "worst": "1"}]}, "criterion_malformed", "/criteria/0/worst"),
        ({"timetable": {"time_zone": "Europe/Berlin"}}, "timetable_wrong", "/timetable/closes_at"),
        ({"timetable": {"time_zone": "UTC", "closes_at": "2026-11-20T09:30"}}, "timetable_wrong",
         "/timetable/closes_at"),
        ({"timetable": {"time_zone": "UTC", "closes_at": "2029-11-20T09:30"}}, "timetable_wrong",
         "/timetable/closes_at"),
        ({"timetable": {"time_zone": "UTC", "closes_at": "2026-12-20T09:30",
                        "questions_until": "2026-12-20T09:31"}}, "timetable_wrong",
         "/timetable/questions_until"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_where_it_stands(
    changes: dict[str, Any], code: str, pointer: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        check(**changes)
    assert (refused.value.code, refused.value.errors[0].pointer) == (code, pointer)


def test_only_a_quick_quote_says_nothing_of_when_it_closes() -> None:
    check(TenderKind.QUICK_QUOTE, timetable={"time_zone": "UTC"})


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6))
def test_weights_of_a_level_pass_just_when_they_add_up_to_100(weights: list[int]) -> None:
    criteria = [
        CRITERIA[0] | {"code": f"c{place}", "weight": str(weight)} for place, weight in enumerate(weights)
    ]
    if sum(weights) == 100:
        check(criteria=criteria)
        return
    with pytest.raises(InvalidError, match="add up"):
        check(criteria=criteria)


@pytest.mark.parametrize("status", TenderStatus)
@pytest.mark.parametrize("move", TenderMove)
def test_a_tender_moves_as_the_table_says_and_a_refusal_says_what_is_possible(
    status: TenderStatus, move: TenderMove
) -> None:
    if (status, move) in MOVES:
        assert moved("T-000001", status, move) is MOVES[status, move]
        return
    with pytest.raises(ConflictError) as refused:
        moved("T-000001", status, move)
    assert refused.value.extensions["allowed"] == [one.value for one in allowed_moves(status)]
    assert TenderMove.CLOSE not in allowed_moves(status)


ABOVE = {"bolts": ("fasteners", "metal")}


@pytest.mark.parametrize(
    ("approved", "blocked", "missing"),
    [
        ({"bolts"}, set(), []),
        ({"metal"}, set(), []),
        ({"bearings"}, set(), ["bolts"]),
        ({"bolts"}, {"fasteners"}, ["bolts"]),
        ({"bolts"}, {"bearings"}, []),
        ({"bolts"}, None, ["bolts"]),
    ],
)
def test_a_supplier_bids_for_what_it_is_approved_for_and_not_blocked_in(
    approved: set[str], blocked: set[str] | None, missing: list[str]
) -> None:
    assert lacking(["bolts"], approved, blocked, ABOVE) == missing


@pytest.mark.parametrize(
    ("region", "held", "elsewhere"),
    [
        ("EMEA", set(), False),
        (None, {("bolts", "APAC")}, False),
        ("EMEA", {("fasteners", "APAC")}, True),
        ("EMEA", {("fasteners", "APAC"), ("bolts", "EMEA")}, False),
        ("EMEA", {("fasteners", None)}, False),
        ("EMEA", {("bearings", "APAC")}, False),
    ],
)
def test_who_is_qualified_in_other_regions_only_is_not_so_here(
    region: str | None, held: set[tuple[str, str | None]], elsewhere: bool
) -> None:
    assert of_other_regions("bolts", region, held, ABOVE) is elsewhere


def member(person: str, *roles: TeamRole, declared: bool = True, conflict: bool = False) -> Member:
    return Member(person, frozenset(roles), declared, conflict, b"key")


def test_who_opens_and_who_sees_bids_has_declared_to_have_no_conflict() -> None:
    team = [
        member("olga", TeamRole.OPENER),
        member("otto", TeamRole.OPENER, declared=False),
        member("oya", TeamRole.OPENER, conflict=True),
        member("eva", TeamRole.EVALUATOR),
        Member("ole", frozenset({TeamRole.OPENER}), has_declared=True, has_conflict=False, key=None),
    ]
    assert openers(team) == {"olga": b"key"}
    assert [one.person for one in team if sees_bids(team, one.person)] == ["olga", "eva", "ole"]
    assert not sees_bids(team, "mallory")
    assert bidding(team, ["eva", "zoe"]) == ["eva"]
