"""Who evaluates, who sees whose marks, how long what was decided holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import ConflictError, ForbiddenError, InvalidError
from sourcing.qualification.rules.evaluating import (
    Part,
    check_may_declare,
    check_may_mark,
    is_complete,
    sees_marks_of,
)
from sourcing.qualification.rules.lasting import (
    Qualifying,
    begins_again,
    check_decided,
    is_overdue,
    latest_end,
    reminder_due,
)
from sourcing.qualification.rules.states import (
    HOLDS,
    MOVE_OF,
    MOVES,
    OPEN,
    CaseStatus,
    Decision,
    Move,
    allowed_actions,
    holds,
    moved,
)

EVA = Part("eva", declared=True, has_conflict=False, has_marked=False)
PEOPLE = ("eva", "emil", "ella", "enno")
PARTS = st.lists(
    st.builds(Part, st.sampled_from(PEOPLE), st.booleans(), st.booleans(), st.booleans()).filter(
        lambda part: (
            (part.declared or not (part.has_conflict or part.has_marked))
            and not (part.has_conflict and part.has_marked)
        )
    ),
    unique_by=lambda part: part.person,
    max_size=4,
)
TODAY = date(2026, 11, 20)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@given(PARTS, st.integers(1, 3))
def test_marks_of_others_are_seen_after_ones_own(parts: list[Part], least: int) -> None:
    complete = is_complete(parts, least)
    by_person = {part.person: part for part in parts}
    for viewer in (*PEOPLE, "carla"):
        own = by_person.get(viewer)
        for part in parts:
            seen = sees_marks_of(viewer, part.person, parts, complete=complete)
            if viewer != part.person and own is not None and own.has_conflict:
                assert not seen, "who has a conflict of interest is shown none"
                assert sees_marks_of(viewer, part.person, parts, complete=complete, decided=True)
            elif viewer != part.person and not complete:
                assert seen is (own is not None and own.has_marked)
            else:
                assert seen
        if own is not None and own.counts and not own.has_marked:
            assert not complete, "who has yet to give marks is shown none of others"


@given(PARTS, st.integers(1, 3))
def test_all_marks_are_there_when_who_counts_has_given_them(parts: list[Part], least: int) -> None:
    counted = [part for part in parts if not part.has_conflict]
    enough = len(counted) >= least
    assert is_complete(parts, least) is (enough and all(part.has_marked for part in counted))


def test_who_marks_is_named_has_declared_and_has_not_marked_before() -> None:
    check_may_mark("eva", [EVA])
    check_may_declare("eva", [EVA])
    for part, code in (
        (replace(EVA, declared=False), "conflict_undeclared"),
        (replace(EVA, has_conflict=True), "conflict_declared"),
        (replace(EVA, has_marked=True), "marked_already"),
    ):
        with pytest.raises(ConflictError) as error:
            check_may_mark("eva", [part])
        assert error.value.code == code
    with pytest.raises(ConflictError):
        check_may_declare("eva", [replace(EVA, has_marked=True)])
    with pytest.raises(ConflictError):
        check_may_declare("eva", [replace(EVA, has_conflict=True)])
    check_may_declare("eva", [replace(EVA, has_conflict=True)], conflict=True)
    check_may_declare("carla", [EVA], conflict=True)
    for check in (check_may_mark, check_may_declare):
        with pytest.raises(ForbiddenError):
            check("emil", [EVA])


@given(DAYS, st.integers(0, 200))
def test_every_reminder_is_given_once_and_the_last_of_those_missed(end: date, step: int) -> None:
    told: int | None = None
    given: list[int] = []
    reminders = Qualifying().remind_days
    day = end - timedelta(days=100)
    while day <= end + timedelta(days=3):
        due = reminder_due(end, day, told, reminders)
        if due is not None:
            assert day <= end
            assert (end - day).days <= due
            given.append(due)
            told = due
        day += timedelta(days=1 + step % 9)
    assert given == sorted(set(given), reverse=True)
    if step % 9 == 0:
        assert given == [60, 30, 7]


def test_the_next_case_begins_in_time_and_not_after_the_end() -> None:
    end = date(2027, 3, 1)
    assert not begins_again(end, end - timedelta(days=91), 90)
    assert begins_again(end, end - timedelta(days=90), 90)
    assert begins_again(end, end, 90)
    assert not begins_again(end, end + timedelta(days=1), 90)


def test_leap_days_end_on_the_28th() -> None:
    assert latest_end(date(2028, 2, 29), 3) == date(2031, 2, 28)


@pytest.mark.parametrize(
    ("decision", "until", "conditions", "pointer"),
    [
        ("qualified", None, [], "/valid_until"),
        ("qualified", TODAY - timedelta(days=1), [], "/valid_until"),
        ("qualified", date(2029, 11, 21), [], "/valid_until"),
        ("qualified", TODAY, [TODAY], "/conditions"),
        ("conditionally_qualified", TODAY, [], "/conditions"),
        ("conditionally_qualified", TODAY, [TODAY + timedelta(days=1)], "/conditions/0/due_on"),
        ("conditionally_qualified", TODAY, [TODAY, TODAY - timedelta(days=1)], "/conditions/1/due_on"),
        ("rejected", TODAY, [], "/valid_until"),
        ("rejected", None, [TODAY], "/conditions"),
    ],
)
def test_a_decision_has_its_end_and_its_conditions_and_no_others(
    decision: str, until: date | None, conditions: list[date], pointer: str
) -> None:
    with pytest.raises(InvalidError) as error:
        check_decided(Decision(decision), until, conditions, TODAY, 3)
    assert [one.pointer for one in error.value.errors] == [pointer]


def test_decisions_that_are_whole_are_taken() -> None:
    check_decided(Decision.QUALIFIED, date(2029, 11, 20), [], TODAY, 3)
    check_decided(Decision.CONDITIONALLY_QUALIFIED, TODAY, [TODAY], TODAY, 3)
    check_decided(Decision.REJECTED, None, [], TODAY, 3)


def test_a_condition_is_overdue_from_the_day_after_on() -> None:
    assert not is_overdue(TODAY, None, TODAY)
    assert is_overdue(TODAY, None, TODAY + timedelta(days=1))
    assert not is_overdue(TODAY, TODAY, TODAY + timedelta(days=1))


@given(st.lists(st.sampled_from(Move), max_size=12))
def test_a_case_is_decided_once_and_ends(moves: list[Move]) -> None:
    status = CaseStatus.INVITED
    decided = 0
    for move in moves:
        if (status, move) in MOVES:
            status = moved("QC-000001", status, move)
            decided += move in MOVE_OF.values()
        else:
            with pytest.raises(ConflictError):
                moved("QC-000001", status, move)
    assert decided == (status not in (*OPEN, CaseStatus.WITHDRAWN))
    if status in HOLDS:
        assert holds(status, TODAY, TODAY)
        assert not holds(status, TODAY, TODAY + timedelta(days=1))
    elif status not in OPEN:
        assert allowed_actions(status) == ()
