"""The life of an order line, written out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from procurement.orders.rules.amending import LineNow
from procurement.orders.rules.lines import OPEN, LineAction, allowed_actions, check_line
from procurement.orders.rules.quantities import ClosedAs
from purveyor.errors import ConflictError

from .test_amending import now
from .test_versions import line

TABLE = """
open, nothing came   | -           cancel -
open, some came      | close_short -      -
complete             | -           -      -
under_tolerance      | -           -      reopen
short                | -           -      reopen
cancelled            | -           -      reopen
cancelled, dropped   | -           -      -
"""
"""Where a line stands, and what can be done to it."""
ACTIONS = ("close_short", "cancel", "reopen")
ROWS = {
    standing.strip(): [name for name in allowed.split() if name != "-"]
    for standing, allowed in (row.split("|") for row in TABLE.strip().splitlines())
}


def standing_as(described: str) -> LineNow:
    """Return a line as a row of the table describes it."""
    standing, _, more = described.partition(", ")
    closed_as = None if standing == OPEN else standing
    came = 0 if standing in {"open", "cancelled"} and more != "some came" else 4
    return replace(
        now(line(), came, closed_as=closed_as), dropped_by_version=2 if more == "dropped" else None
    )


def test_the_table_names_every_action_and_every_standing() -> None:
    assert list(ACTIONS) == list(LineAction)
    assert {row.partition(",")[0] for row in ROWS} == {OPEN, *ClosedAs}


@pytest.mark.parametrize("described", ROWS)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_line_allows_what_the_table_says_and_names_it_otherwise(described: str, action: str) -> None:
    standing = standing_as(described)
    assert allowed_actions(standing) == ROWS[described]
    if action in ROWS[described]:
        check_line(LineAction(action), standing)
        return
    with pytest.raises(ConflictError) as refused:
        check_line(LineAction(action), standing)
    assert refused.value.code == "wrong_state"
    assert refused.value.extensions == {
        "status_now": described.partition(",")[0],
        "allowed": ROWS[described],
    }


def test_a_refusal_says_what_to_do_instead() -> None:
    with pytest.raises(
        ConflictError, match=r"^Some of the line has come, so that it is closed short and not"
    ):
        check_line(LineAction.CANCEL, now(line(), 4))
    with pytest.raises(ConflictError, match=r"cancelled and not closed short; possible now: cancel\.$"):
        check_line(LineAction.CLOSE_SHORT, now(line()))
    with pytest.raises(
        ConflictError, match=r"^A line that is complete cannot .* nothing is to be done now\.$"
    ):
        check_line(LineAction.REOPEN, now(line(), 10, closed_as="complete"))
    dropped = replace(now(line(), closed_as="cancelled"), dropped_by_version=3)
    with pytest.raises(ConflictError, match=r"^Version 3 no longer orders the line"):
        check_line(LineAction.REOPEN, dropped)


def test_goods_that_were_all_refused_and_are_owed_again_are_no_reason_to_close_short() -> None:
    refused = now(line(), 4, rejected_quantity=Decimal(4))
    assert allowed_actions(refused) == ["cancel"]
