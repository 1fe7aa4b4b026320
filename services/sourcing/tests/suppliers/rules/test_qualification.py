"""The policy of supplier qualification, as tests."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.clock import utc_now
from purveyor.db import new_id
from purveyor.errors import ConflictError
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import (
    Move,
    Status,
    in_force,
    not_offered,
    shortened,
)

DAY = date(2026, 11, 20)
REASON = "Because"


def supplier(status: Status) -> Supplier:
    return Supplier(
        id=new_id(),
        number=42,
        legal_name="Muster Schrauben GmbH",
        status=status,
        registered_by="bob",
        authors=["bob"],
        categories=["fasteners"],
        approvals=[],
        imported=False,
    )


def make(move: Move, it: Supplier) -> None:
    match move:
        case Move.SUBMIT:
            it.submit()
        case Move.APPROVE:
            it.approve(["fasteners"], DAY, "carla", utc_now())
        case Move.REJECT:
            it.reject(REASON, None, "carla")
        case Move.SUSPEND:
            it.suspend(REASON, None, "carla")
        case Move.REINSTATE:
            it.reinstate(REASON, None, "carla", DAY)
        case Move.CONFIRM:
            it.confirm("carla", DAY)
        case Move.REVERT:
            it.revert(REASON, None, "carla", DAY)
        case Move.TERMINATE:
            it.terminate(REASON, None, "carla")
        case Move.MERGE:
            it.merge_into(supplier(Status.REGISTERED), REASON, None, "carla")
        case Move.WITHDRAW:
            it.withdraw((), REASON, None, "carla")


STATES = """
             submit     approve  reject   suspend   reinstate confirm  revert   terminate  merge  withdraw
registered   submitted  -        -        -         -         -        -        terminated merged withdrawn
submitted    -          approved rejected -         -         -        -        terminated merged withdrawn
approved     -          approved -        suspended -         -        -        terminated merged -
rejected     submitted  -        -        -         -         -        -        terminated merged withdrawn
suspended    -          -        -        -         approved  -        -        terminated merged -
unconfirmed  -          -        -        suspended -         approved approved terminated merged -
terminated   -          -        -        -         -         -        -        -          -      -
merged       -          -        -        -         -         -        -        -          -      -
withdrawn    -          -        -        -         -         -        -        -          -      -
"""
"""Where each move leads from each status; a dash is what the status does not allow."""

ENDS = {
    Move.TERMINATE: Status.TERMINATED,
    Move.MERGE: Status.MERGED,
    Move.WITHDRAW: Status.WITHDRAWN,
}
MOVES, *ROWS = [line.split() for line in STATES.strip().splitlines()]
LEADS_TO = {(status, move): to for status, *targets in ROWS for move, to in zip(MOVES, targets, strict=True)}


def test_the_table_has_every_status_and_every_move() -> None:
    assert {status for status, *_ in ROWS} == set(Status)
    assert set(MOVES) == set(Move)


@pytest.mark.parametrize(("status", "move"), LEADS_TO)
def test_a_move_leads_where_the_table_says_or_is_refused_naming_what_is_possible(
    status: str, move: str
) -> None:
    it = supplier(Status(status))
    possible = [other for other in MOVES if LEADS_TO[status, other] != "-"]
    assert it.allowed_actions == tuple(possible)
    if move in possible:
        make(Move(move), it)
        assert it.status == LEADS_TO[status, move]
        return
    with pytest.raises(ConflictError) as refused:
        make(Move(move), it)
    assert it.status == status
    assert (refused.value.code, refused.value.extensions["allowed"]) == ("wrong_state", possible)


def test_an_approval_that_was_decided_elsewhere_leads_a_registered_supplier_to_where_approval_leads() -> None:
    it = supplier(Status.REGISTERED)
    it.take_over_approval(["fasteners"], None, "ada", utc_now())
    assert it.status == "approved"
    with pytest.raises(ConflictError):
        it.take_over_approval(["fasteners"], None, "ada", utc_now())


@given(st.lists(st.sampled_from(Move), max_size=30))
def test_whatever_people_try_a_supplier_is_only_ordered_from_after_it_was_submitted_and_approved(
    moves: list[Move],
) -> None:
    it, made = supplier(Status.REGISTERED), list[Move]()
    for move in moves:
        try:
            make(move, it)
        except ConflictError:
            continue
        made.append(move)
    if it.status is Status.APPROVED:
        assert Move.SUBMIT in made
        assert Move.APPROVE in made
        assert not ENDS.keys() & set(made)
    for move in ENDS.keys() & set(made):
        assert made[-1] is move
        assert it.status is ENDS[move]


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_an_approval_counts_through_its_last_day(day: date) -> None:
    assert in_force(day, day)
    assert in_force(None, day)
    assert not in_force(day, day + timedelta(days=1))


@given(st.dates(), st.none() | st.dates(), st.dates())
def test_what_goes_on_in_a_retired_category_was_in_force_and_ends_no_later(
    today: date, ends: date | None, to: date
) -> None:
    if shortened(ends, to, today):
        assert in_force(ends, today)
        assert ends is None or to <= ends
    assert shortened(today, today, today)
    assert ends is None or ends >= today or not shortened(ends, to, today)


def test_approving_again_moves_the_last_day_and_keeps_the_other_categories() -> None:
    it = supplier(Status.SUBMITTED)
    it.approve(["fasteners", "bearings"], DAY, "carla", utc_now())
    event = it.approve(["bearings"], date(9999, 12, 31), "cem", utc_now())
    approvals = {approval.category: approval.approved_by for approval in it.approvals}
    assert approvals == {"fasteners": "carla", "bearings": "cem"}
    assert event.approvals[0].category == "bearings"
    assert event.approvals[0].expires_on == date(9999, 12, 31)


@given(st.lists(st.sampled_from("abcdef"), unique=True), st.sets(st.sampled_from("abcdef")))
def test_a_supplier_is_approved_for_what_it_offers_and_the_rest_is_named_as_it_was_asked(
    wanted: list[str], offered: set[str]
) -> None:
    refused = not_offered(wanted, offered)
    assert set(refused) == set(wanted) - offered
    assert refused == sorted(refused, key=wanted.index)
