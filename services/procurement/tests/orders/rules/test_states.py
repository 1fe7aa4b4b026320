"""The life of a purchase order, written out: what can be done to it in each status, and where that leads."""

from datetime import UTC, datetime

import pytest

from procurement.orders.rules.states import (
    BINDING,
    OPEN,
    Action,
    Status,
    allowed_actions,
    check_not_held,
    next_status,
    status_by_lines,
)
from purveyor.errors import ConflictError

ACTIONS = ("change", "submit", "approve", "return", "issue", "acknowledge", "amend", "receive", "cancel")
TABLE = """
draft              | draft submitted -        -     -      -            -      -                  cancelled
submitted          | -     -         approved draft -      -            -      -                  cancelled
approved           | -     -         -        draft issued -            -      -                  cancelled
issued             | -     -         -        -     -      acknowledged issued partially_received cancelled
acknowledged       | -     -         -        -     -      -            issued partially_received cancelled
partially_received | -     -         -        -     -      -            PARTLY partially_received closed
closed             | -     -         -        -     -      -            -      -                  -
cancelled          | -     -         -        -     -      -            -      -                  -
"""
"""Statuses down, actions across; what leaves nothing open closes the order. PARTLY: partially_received."""
BESIDE_THE_WAY = ("close_line", "reopen_line", "hold", "release", "respond", "promise")
STAYS = """
draft              | -            -            draft        draft        -      -
submitted          | -            -            submitted    submitted    -      -
approved           | -            -            approved     approved     -      -
issued             | issued       issued       issued       issued       issued issued
acknowledged       | acknowledged acknowledged acknowledged acknowledged acknowledged acknowledged
partially_received | PARTLY       PARTLY       PARTLY       PARTLY       PARTLY PARTLY
closed             | -            PARTLY       -            -            -      -
cancelled          | -            -            -            -            -      -
"""
"""What is done to a line, holding and releasing, answers and promises leave the order where it is, unless it
is done, or accepted."""


def rows(table: str, actions: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Read a table by status and action."""
    return {
        status.strip(): dict(zip(actions, reached.split(), strict=True))
        for status, reached in (
            row.replace("PARTLY", "partially_received").split("|") for row in table.strip().splitlines()
        )
    }


MAIN, BESIDE = rows(TABLE, ACTIONS), rows(STAYS, BESIDE_THE_WAY)
ALL = (*ACTIONS, *BESIDE_THE_WAY)
LEADS_TO = {status: MAIN[status] | BESIDE[status] for status in MAIN}


def possible(status: str, *, held: bool = False) -> list[str]:
    """Return what the tables allow: what is held is not issued nor held again, other orders not released."""
    kept_off = {"issue", "hold"} if held else {"release"}
    return [name for name in ALL if LEADS_TO[status][name] != "-" and name not in kept_off]


def test_the_table_names_every_status_and_every_action() -> None:
    assert list(LEADS_TO) == list(Status)
    assert list(ALL) == list(Action)


@pytest.mark.parametrize("status", LEADS_TO)
@pytest.mark.parametrize("action", ALL)
@pytest.mark.parametrize("held", [False, True])
def test_an_order_moves_as_the_table_says_or_is_refused_with_what_is_possible(
    status: str, action: str, held: bool
) -> None:
    assert allowed_actions(status, held=held) == possible(status, held=held)
    reached = LEADS_TO[status][action]
    if reached != "-":
        assert next_status(Action(action), status) == reached
        return
    with pytest.raises(ConflictError) as refused:
        next_status(Action(action), status, held=held)
    assert refused.value.code == "wrong_state"
    assert refused.value.extensions["allowed"] == possible(status, held=held)


def test_a_refused_move_says_where_the_order_stands_and_what_is_possible_instead() -> None:
    with pytest.raises(ConflictError) as refused:
        next_status(Action.APPROVE, "partially_received")
    assert refused.value.detail == (
        "An order that is partially received cannot be the object of “approve”; "
        "possible now: amend, receive, cancel, close_line, reopen_line, hold, respond, promise."
    )
    assert refused.value.extensions == {
        "status_now": "partially_received",
        "allowed": [
            "amend",
            "receive",
            "cancel",
            "close_line",
            "reopen_line",
            "hold",
            "respond",
            "promise",
        ],
    }


def test_a_refused_move_of_a_finished_order_says_that_nothing_is_possible() -> None:
    finished = r"^An order that is cancelled cannot .*“cancel”; it is finished\.$"
    with pytest.raises(ConflictError, match=finished):
        next_status(Action.CANCEL, "cancelled")


def test_what_is_held_is_refused_with_the_reason() -> None:
    check_not_held(None, None)
    with pytest.raises(ConflictError, match="held: the drawing is being revised") as refused:
        check_not_held(datetime(2026, 3, 2, tzinfo=UTC), "the drawing is being revised")
    assert refused.value.code == "on_hold"


def test_an_order_is_open_until_it_is_finished_and_binding_once_the_supplier_has_it() -> None:
    assert OPEN == ("draft", "submitted", "approved", "issued", "acknowledged", "partially_received")
    assert BINDING == ("issued", "acknowledged", "partially_received")


@pytest.mark.parametrize(
    ("closed_as", "acknowledged", "anything_came", "status"),
    [
        ([None, "complete"], False, True, "partially_received"),
        ([None, "short"], True, True, "partially_received"),
        ([None, "cancelled"], False, False, "issued"),
        ([None, "cancelled"], True, False, "acknowledged"),
        (["complete", "cancelled"], False, True, "closed"),
        (["short", "under_tolerance"], True, True, "closed"),
        (["cancelled", "cancelled"], True, False, "cancelled"),
        (["cancelled"], False, True, "cancelled"),
    ],
)
def test_an_order_stands_where_its_lines_do_whatever_led_there(
    closed_as: list[str | None], acknowledged: bool, anything_came: bool, status: str
) -> None:
    """What came and was rejected, and is not wanted again, is nothing that closes an order."""
    assert status == status_by_lines(closed_as, acknowledged=acknowledged, anything_came=anything_came)
