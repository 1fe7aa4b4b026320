"""The life of a purchase order, written out: what can be done to it in each status, and where that leads."""

import pytest

from procurement.orders.rules.states import BINDING, OPEN, Action, Status, allowed_actions, next_status
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

LEADS_TO = {
    status.strip(): dict(zip(ACTIONS, reached.split(), strict=True))
    for status, reached in (
        row.replace("PARTLY", "partially_received").split("|") for row in TABLE.strip().splitlines()
    )
}


def test_the_table_names_every_status_and_every_action() -> None:
    assert list(LEADS_TO) == list(Status)
    assert list(ACTIONS) == list(Action)


@pytest.mark.parametrize("status", LEADS_TO)
@pytest.mark.parametrize("action", ACTIONS)
def test_an_order_moves_as_the_table_says_or_is_refused_with_what_is_possible(
    status: str, action: str
) -> None:
    reached = LEADS_TO[status][action]
    if reached != "-":
        assert next_status(Action(action), status) == reached
        return
    with pytest.raises(ConflictError) as refused:
        next_status(Action(action), status)
    possible = [name for name in ACTIONS if LEADS_TO[status][name] != "-"]
    assert (refused.value.code, refused.value.extensions["allowed"]) == ("wrong_state", possible)
    assert allowed_actions(status) == possible


def test_a_refused_move_says_where_the_order_stands_and_what_is_possible_instead() -> None:
    with pytest.raises(ConflictError) as refused:
        next_status(Action.APPROVE, "partially_received")
    assert refused.value.detail == (
        "An order that is partially received cannot be the object of “approve”; "
        "possible now: amend, receive, cancel."
    )
    assert refused.value.extensions == {
        "status_now": "partially_received",
        "allowed": ["amend", "receive", "cancel"],
    }


def test_a_refused_move_of_a_finished_order_says_that_nothing_is_possible() -> None:
    with pytest.raises(ConflictError, match=r"^An order that is closed cannot .*“cancel”; it is finished\.$"):
        next_status(Action.CANCEL, "closed")


def test_an_order_is_open_until_it_is_finished_and_binding_once_the_supplier_has_it() -> None:
    assert OPEN == ("draft", "submitted", "approved", "issued", "acknowledged", "partially_received")
    assert BINDING == ("issued", "acknowledged", "partially_received")
