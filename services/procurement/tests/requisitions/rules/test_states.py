"""Where a requisition stands is where its lines do, whatever led there."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.requisitions.rules import lines
from procurement.requisitions.rules.lines import LineAction, LineStatus
from procurement.requisitions.rules.states import (
    BEING_ORDERED,
    IN_DECISION,
    STATED,
    TRANSITIONS,
    Action,
    Status,
    allowed_actions,
    check_author,
    check_decider,
    next_status,
    status_by_lines,
)
from purveyor.errors import ConflictError, ForbiddenError

SINCE = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass
class Line:
    """A line of ten pieces, as counted."""

    status: str = "approved"
    ordered_quantity: Decimal = Decimal(0)
    delivered_quantity: Decimal = Decimal(0)
    quantity: Decimal = Decimal(10)
    sourcing_since: datetime | None = None


PENDING, REJECTED, CANCELLED = Line("pending"), Line("rejected"), Line("cancelled")
OPEN, ORDERED = Line(), Line(ordered_quantity=Decimal(10))
PARTLY = Line(ordered_quantity=Decimal(4))
CAME = replace(ORDERED, delivered_quantity=Decimal(10))
SHORT, SHORT_CAME = (replace(PARTLY, status="closed_short", delivered_quantity=Decimal(n)) for n in (0, 4))
SOURCED = replace(OPEN, sourcing_since=SINCE)
KINDS = (PENDING, REJECTED, CANCELLED, OPEN, ORDERED, PARTLY, CAME, SHORT, SHORT_CAME, SOURCED)


@pytest.mark.parametrize(
    ("standing", "status"),
    [
        ([PENDING, PENDING], Status.SUBMITTED),
        ([PENDING, OPEN], Status.IN_APPROVAL),
        ([PENDING, REJECTED], Status.IN_APPROVAL),
        ([PENDING, CANCELLED], Status.IN_APPROVAL),
        ([OPEN, REJECTED], Status.APPROVED),
        ([PARTLY, ORDERED], Status.APPROVED),
        ([OPEN, SOURCED], Status.APPROVED),
        ([SOURCED, ORDERED], Status.SOURCING),
        ([SOURCED, REJECTED], Status.SOURCING),
        ([ORDERED, CAME], Status.ORDERED),
        ([SHORT, CANCELLED], Status.ORDERED),
        ([CAME, SHORT_CAME, REJECTED], Status.CLOSED),
        ([CANCELLED, CANCELLED], Status.CLOSED),
        ([REJECTED, CANCELLED], Status.REJECTED),
        ([REJECTED], Status.REJECTED),
    ],
)
def test_a_requisition_stands_where_its_lines_do(standing: list[Line], status: Status) -> None:
    assert status_by_lines(standing) == status
    assert status_by_lines(standing[::-1]) == status


@given(standing=st.lists(st.sampled_from(KINDS), min_size=1, max_size=6))
def test_nothing_waits_for_a_decision_once_all_is_decided_and_nothing_is_closed_that_is_open(
    standing: list[Line],
) -> None:
    status = status_by_lines(standing)
    assert (status in IN_DECISION) == any(line.status == "pending" for line in standing)
    if status in {Status.CLOSED, Status.REJECTED, Status.ORDERED}:
        assert not any(lines.open_quantity(line) for line in standing)
    if status in {Status.CLOSED, Status.REJECTED}:
        assert all(lines.is_finished(line) for line in standing)
    if status == Status.APPROVED:
        assert any(lines.orderable_quantity(line) for line in standing)


@given(line=st.sampled_from(KINDS))
def test_what_is_requested_is_ordered_or_open_or_given_up_and_only_what_is_approved_is_orderable(
    line: Line,
) -> None:
    open_, orderable = lines.open_quantity(line), lines.orderable_quantity(line)
    given_up = line.status in {"rejected", "cancelled", "closed_short"}
    assert open_ == (0 if given_up else line.quantity - line.ordered_quantity)
    assert orderable == (open_ if line.status == "approved" and line.sourcing_since is None else 0)


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        (PENDING, ["approve", "reject", "cancel"]),
        (OPEN, ["cancel"]),
        (SOURCED, ["cancel", "end_sourcing"]),
        (PARTLY, ["close_short"]),
        (ORDERED, []),
        (SHORT, []),
        (REJECTED, []),
        (CANCELLED, []),
    ],
)
def test_what_can_be_done_to_a_line(line: Line, allowed: list[str]) -> None:
    assert lines.allowed_actions(line) == allowed
    for action in LineAction:
        if action not in allowed:
            with pytest.raises(ConflictError) as caught:
                lines.next_status(action, 7, line)
            assert caught.value.extensions == {"status_now": line.status, "allowed": allowed}


def test_a_refused_move_of_a_line_says_how_it_stands() -> None:
    with pytest.raises(ConflictError) as caught:
        lines.next_status(LineAction.CANCEL, 7, PARTLY)
    assert caught.value.detail == (
        "Line 7 is approved, of which 4 is ordered, and cannot be the object of “cancel”; "
        "possible now: close_short."
    )
    with pytest.raises(ConflictError, match="nothing is to be done now"):
        lines.next_status(LineAction.APPROVE, 7, SHORT)
    assert lines.next_status(LineAction.CLOSE_SHORT, 7, PARTLY) == LineStatus.CLOSED_SHORT


def test_only_its_author_has_what_nobody_decides_of() -> None:
    for action in (Action.CHANGE, Action.SUBMIT):
        assert tuple(TRANSITIONS[action]) == STATED
    for action in (Action.APPROVE, Action.REJECT, Action.RETURN):
        assert tuple(TRANSITIONS[action]) == IN_DECISION
    assert set(TRANSITIONS[Action.WITHDRAW]).isdisjoint(BEING_ORDERED)


@given(action=st.sampled_from(Action), status=st.sampled_from(Status))
def test_what_the_table_does_not_have_is_refused_and_says_what_it_has(action: Action, status: Status) -> None:
    allowed = allowed_actions(status)
    if action in allowed:
        assert next_status(action, status) == TRANSITIONS[action][status]
        return
    with pytest.raises(ConflictError) as caught:
        next_status(action, status)
    assert caught.value.code == "wrong_state"
    assert caught.value.extensions == {"status_now": status, "allowed": allowed}
    said = ", ".join(allowed) if allowed else "it is finished"
    assert said in caught.value.detail
    assert status.replace("_", " ") in caught.value.detail


def test_who_wrote_any_of_it_decides_nothing_and_who_wrote_none_withdraws_nothing() -> None:
    check_decider("alex", ["robin", "bea"])
    with pytest.raises(ForbiddenError, match="decides nothing of it"):
        check_decider("bea", ["robin", "bea"])
    check_author("bea", ["robin", "bea"], "withdraw")
    check_author("buyer", ["robin"], "change", is_buyer=True)
    with pytest.raises(ForbiddenError) as caught:
        check_author("rosa", ["robin"], "withdraw")
    assert caught.value.code == "role_required"
    assert caught.value.detail == "A requisition of others is not yours to withdraw."
    assert caught.value.extensions == {"roles": ["buyer"]}
