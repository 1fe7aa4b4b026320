"""What may follow on where a shipment stands."""

import pytest

from procurement.shipments.rules.states import (
    TRANSITIONS,
    EndedAs,
    ShipmentAction,
    ShipmentStatus,
    allowed_actions,
    check_move,
    standing,
)
from purveyor.errors import ConflictError


@pytest.mark.parametrize("action", ShipmentAction)
@pytest.mark.parametrize("status", ShipmentStatus)
def test_what_is_not_in_the_table_is_refused_and_says_what_is_possible(
    action: ShipmentAction, status: ShipmentStatus
) -> None:
    if status in TRANSITIONS[action]:
        check_move(action, status)
        return
    with pytest.raises(ConflictError) as refused:
        check_move(action, status)
    assert (refused.value.code, refused.value.extensions["allowed"]) == (
        "wrong_state",
        allowed_actions(status),
    )
    possible = "possible now: " if allowed_actions(status) else "it is finished"
    assert possible in refused.value.detail


def test_a_shipment_is_delayed_or_cancelled_while_it_is_under_way() -> None:
    assert allowed_actions("notified") == ["delay", "cancel"]
    assert allowed_actions("arrived") == allowed_actions("cancelled") == []


@pytest.mark.parametrize(
    ("ends", "reached"),
    [
        ([None], "notified"),
        ([None, EndedAs.ARRIVED], "notified"),
        ([EndedAs.ARRIVED], "arrived"),
        ([EndedAs.ARRIVED, EndedAs.CANCELLED], "arrived"),
        ([EndedAs.CANCELLED], "cancelled"),
    ],
)
def test_a_shipment_stands_where_its_lines_do(ends: list[str | None], reached: str) -> None:
    assert standing(ends) == reached
