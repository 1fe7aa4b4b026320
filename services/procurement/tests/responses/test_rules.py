"""What a supplier may answer, and what its taking makes of an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.amending import LineNow
from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.schedules import Schedule
from procurement.responses.rules import (
    AcknowledgementDue,
    Answer,
    AnsweredLine,
    Change,
    Changed,
    Decision,
    Reply,
    Substitute,
    answer_by,
    check_anew,
    check_answer,
    check_answered,
    check_decided,
    check_taker,
    dates_taken,
    decided_as,
    with_taken,
)
from purveyor.errors import ConflictError, ForbiddenError, InvalidError

TODAY = date(2026, 3, 2)
NEEDED = date(2026, 3, 20)
WITH_CHANGES = Reply.ACCEPTED_WITH_CHANGES
PARTS = (Schedule(1, Decimal(4), NEEDED), Schedule(2, Decimal(6), NEEDED + timedelta(7)))
PROMISED = {(1, 1): NEEDED, (2, 1): NEEDED, (2, 2): NEEDED + timedelta(7), (3, 1): NEEDED}


def line(number: int, schedules: tuple[Schedule, ...] = ()) -> DraftLine:
    return DraftLine(
        line_number=number,
        item="M8",
        description="bolt",
        category="fasteners",
        quantity=Decimal(10),
        unit="C62",
        price=Decimal("2.50"),
        price_base_quantity=Decimal(1),
        promised_on=NEEDED,
        schedules=schedules,
    )


def now(ordered: DraftLine, received: int = 0, closed_as: str | None = None) -> LineNow:
    nothing = Decimal(0)
    return LineNow(ordered, nothing, Decimal(received), nothing, nothing, closed_as)


LINES = {1: now(line(1)), 2: now(line(2, PARTS)), 3: now(line(3), 8), 4: now(line(4), 10, "complete")}


def answered(*lines: AnsweredLine, reply: Reply = WITH_CHANGES, reason: str | None = None) -> list[Change]:
    return check_answer(Answer(reply, lines, reason=reason), LINES, PROMISED, TODAY, TODAY)


def problems(*lines: AnsweredLine, reply: Reply = WITH_CHANGES) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as refused:
        answered(*lines, reply=reply)
    assert refused.value.code == "response_invalid"
    return [(one.pointer, one.detail) for one in refused.value.errors]


def test_each_thing_that_is_to_be_otherwise_is_a_change_of_its_own() -> None:
    later = NEEDED + timedelta(3)
    changes = answered(
        AnsweredLine(1, None, later, Decimal(12), Decimal("2.60"), Substitute("M9", "bolt, longer"), "why"),
        AnsweredLine(2, 2, quantity=Decimal(5)),
    )
    assert [(one.number, one.line_number, one.schedule_number, one.field) for one in changes] == [
        (1, 1, 1, Changed.PROMISED_ON),
        (2, 1, 1, Changed.QUANTITY),
        (3, 1, None, Changed.PRICE),
        (4, 1, None, Changed.SUBSTITUTE),
        (5, 2, 2, Changed.QUANTITY),
    ]
    assert [(one.before, one.after) for one in changes] == [
        ("2026-03-20", "2026-03-23"),
        ("10", "12"),
        ("2.5", "2.6"),
        ("M8", "M9"),
        ("6", "5"),
    ]
    assert (changes[3].description, changes[0].reason, changes[4].reason) == ("bolt, longer", "why", None)
    assert dates_taken(changes) == {(1, 1): later}


def test_what_accepts_changes_nothing_and_what_rejects_says_why() -> None:
    assert answered(reply=Reply.ACCEPTED) == []
    assert answered(reply=Reply.REJECTED, reason="no longer made") == []
    changed = AnsweredLine(1, price=Decimal(3))
    nothing = "changes nothing: leave them out, or accept with changes"
    assert problems(changed, reply=Reply.ACCEPTED) == [("/lines", f"accepted {nothing}")]
    assert problems(changed, reply=Reply.REJECTED) == [
        ("/lines", f"rejected {nothing}"),
        ("/reason", "say why it is rejected"),
    ]
    assert problems() == [("/lines", "say what is to be otherwise, or that it is accepted")]


@pytest.mark.parametrize(
    ("stated", "at", "why"),
    [
        (AnsweredLine(9, price=Decimal(3)), "/line_number", "the order has no line 9"),
        (AnsweredLine(4, price=Decimal(3)), "/line_number", "line 4 is closed"),
        (AnsweredLine(1), "", "says nothing otherwise: name a day, a quantity, a price or a substitute"),
        (AnsweredLine(1, 2, NEEDED), "/schedule_number", "is none of the line's schedules: 1"),
        (AnsweredLine(2, None, TODAY), "/schedule_number", "say of which schedule: the line has several"),
        (
            AnsweredLine(2, quantity=Decimal(1)),
            "/schedule_number",
            "say of which schedule: the line has several",
        ),
        (AnsweredLine(1, promised_on=NEEDED), "/promised_on", "is what is asked: leave it out"),
        (AnsweredLine(1, quantity=Decimal("10.0")), "/quantity", "is what is asked: leave it out"),
        (AnsweredLine(1, price=Decimal("2.5")), "/price", "is what is asked: leave it out"),
        (
            AnsweredLine(1, substitute=Substitute("M8", "x")),
            "/substitute/item",
            "is what is asked: leave it out",
        ),
        (
            AnsweredLine(1, promised_on=TODAY - timedelta(1)),
            "/promised_on",
            "lies in the past: at the site it is 2026-03-02",
        ),
        (AnsweredLine(3, quantity=Decimal(7)), "/quantity", "at least 8 have come of the line"),
        (AnsweredLine(3, substitute=Substitute("M9", "x")), "/substitute", "goods of this line have come"),
    ],
)
def test_what_cannot_be_answered_is_named(stated: AnsweredLine, at: str, why: str) -> None:
    assert problems(stated) == [(f"/lines/0{at}", why)]


def test_what_is_just_possible_is_taken() -> None:
    answered(AnsweredLine(3, quantity=Decimal(8)), AnsweredLine(1, promised_on=TODAY))
    answered(AnsweredLine(2, 1, NEEDED + timedelta(1)), AnsweredLine(2, 2, NEEDED + timedelta(1)))


def test_one_thing_is_said_once() -> None:
    twice = [AnsweredLine(2, 1, price=Decimal(3)), AnsweredLine(2, 2, price=Decimal(4))]
    assert problems(*twice) == [("/lines", "price of line 2 is said twice")]


def test_a_version_that_is_past_is_not_answered() -> None:
    check_answered(2, 2)
    with pytest.raises(ConflictError) as refused:
        check_answered(1, 2)
    assert (refused.value.code, refused.value.extensions) == ("version_superseded", {"current_version": 2})


def test_what_is_taken_is_ordered_and_days_are_not() -> None:
    changes = answered(
        AnsweredLine(1, None, TODAY, Decimal(12), Decimal("2.60"), Substitute("M9", "bolt, longer")),
        AnsweredLine(2, 2, quantity=Decimal(5)),
    )
    first, second, third = with_taken([line(1), line(2, PARTS), line(3)], changes)
    assert first == replace(
        line(1), quantity=Decimal(12), price=Decimal("2.6"), item="M9", description="bolt, longer"
    )
    assert second == replace(line(2, (PARTS[0], replace(PARTS[1], quantity=Decimal(5)))), quantity=Decimal(9))
    assert third == line(3)


def test_only_what_is_undecided_is_decided() -> None:
    check_decided({1: Decision.TAKEN, 2: Decision.REFUSED}, {1: 1, 2: 2, 3: 3}, LINES)
    with pytest.raises(InvalidError) as refused:
        check_decided({1: Decision.TAKEN, 4: Decision.REFUSED}, {1: 1, 2: 1}, LINES)
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [
        ("/changes/1/number", "4 is none of those to be decided: 1, 2")
    ]
    with pytest.raises(InvalidError, match="cannot be decided") as none_left:
        check_decided({1: Decision.TAKEN}, {}, LINES)
    assert none_left.value.errors[0].detail == "1 is none of those to be decided: none"


def test_what_is_of_a_line_that_was_closed_since_is_refused_and_not_taken() -> None:
    check_decided({7: Decision.REFUSED}, {7: 4}, LINES)
    with pytest.raises(InvalidError) as refused:
        check_decided({7: Decision.TAKEN}, {7: 4}, LINES)
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [
        ("/changes/0/decision", "line 4 was closed since: refuse it")
    ]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 365))
def test_an_answer_is_due_so_many_days_after_the_version(issued_on: date, days: int) -> None:
    assert (answer_by(issued_on, AcknowledgementDue(answer_days=days)) - issued_on).days == days


@pytest.mark.parametrize(
    ("by_supplier", "accepted", "accepted_itself", "may"),
    [
        (False, False, False, True),
        (True, False, False, True),
        (False, True, False, False),
        (True, True, False, True),
        (True, True, True, False),
        (False, True, True, False),
    ],
)
def test_only_the_supplier_answers_what_a_buyer_accepted_for_it(
    by_supplier: bool, accepted: bool, accepted_itself: bool, may: bool
) -> None:
    said = {"by_supplier": by_supplier, "accepted": accepted, "accepted_itself": accepted_itself}
    if may:
        check_anew(**said)
        return
    with pytest.raises(ConflictError) as refused:
        check_anew(**said)
    assert refused.value.code == "response_accepted"


def test_who_recorded_an_answer_refuses_it_and_does_not_take_it() -> None:
    check_taker("bea", ["bea"], [Decision.REFUSED])
    check_taker("bea", ["ben"], [Decision.TAKEN])
    check_taker("bea", [], [Decision.TAKEN])
    with pytest.raises(ForbiddenError) as refused:
        check_taker("bea", ["bea"], [Decision.REFUSED, Decision.TAKEN])
    assert refused.value.code == "segregation_of_duties"


def test_days_alone_are_taken_at_once() -> None:
    assert [decided_as(field, Decision.TAKEN) for field in Changed] == [
        Decision.TAKEN,
        Decision.PROPOSED,
        Decision.PROPOSED,
        Decision.PROPOSED,
    ]
    assert {decided_as(field, Decision.REFUSED) for field in Changed} == {Decision.REFUSED}
