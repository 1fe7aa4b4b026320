"""The life of an amendment, written out, and who may approve one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.amendments import rules
from procurement.amendments.rules import AmendmentAction, AmendmentStatus, allowed_actions, next_status
from purveyor.errors import ConflictError, ForbiddenError

ACTIONS = ("change", "submit", "approve", "return", "issue", "withdraw")
TABLE = """
draft     | draft submitted -        -     -      withdrawn
submitted | -     -         approved draft -      withdrawn
approved  | -     -         -        draft issued withdrawn
issued    | -     -         -        -     -      -
withdrawn | -     -         -        -     -      -
"""
LEADS_TO = {
    status.strip(): dict(zip(ACTIONS, reached.split(), strict=True))
    for status, reached in (row.split("|") for row in TABLE.strip().splitlines())
}


def test_the_table_names_every_status_and_every_action() -> None:
    assert list(LEADS_TO) == list(AmendmentStatus)
    assert list(ACTIONS) == list(AmendmentAction)


@pytest.mark.parametrize("status", LEADS_TO)
@pytest.mark.parametrize("action", ACTIONS)
def test_an_amendment_moves_as_the_table_says_or_is_refused_with_what_is_possible(
    status: str, action: str
) -> None:
    reached = LEADS_TO[status][action]
    possible = [name for name in ACTIONS if LEADS_TO[status][name] != "-"]
    assert allowed_actions(status) == possible
    if reached != "-":
        assert next_status(AmendmentAction(action), status) == reached
        return
    with pytest.raises(ConflictError) as refused:
        next_status(AmendmentAction(action), status)
    assert (refused.value.code, refused.value.extensions["allowed"]) == ("wrong_state", possible)
    end = f"possible now: {', '.join(possible)}." if possible else "it is finished."
    assert refused.value.detail.endswith(end)


def test_an_amendment_is_open_until_it_is_issued_or_withdrawn() -> None:
    assert rules.OPEN == ("draft", "submitted", "approved")


PARTS = {
    "authors": "Who created, changed or submitted an amendment does not approve it.",
    "order_authors": "Who wrote any of what an order says does not approve what it is to say next.",
    "supplier_authors": "Who onboarded a supplier, or changed who it is, does not approve its orders.",
    "site_authors": "Who created or changed a site does not approve what is ordered to it.",
}


@given(
    st.sampled_from("abc"), st.fixed_dictionaries({part: st.lists(st.sampled_from("abc")) for part in PARTS})
)
def test_who_wrote_any_of_the_version_or_made_its_supplier_what_it_is_does_not_approve(
    approver: str, parts: dict[str, list[str]]
) -> None:
    why = next((said for part, said in PARTS.items() if approver in parts[part]), None)
    if why is None:
        rules.check_approver(approver, parts)
        return
    with pytest.raises(ForbiddenError) as refused:
        rules.check_approver(approver, parts)
    assert (refused.value.code, refused.value.detail) == ("segregation_of_duties", why)


@given(st.integers(1, 9), st.integers(1, 9))
def test_an_amendment_is_of_the_version_in_force(based_on: int, current: int) -> None:
    if based_on == current:
        rules.check_based_on(based_on, current)
        return
    with pytest.raises(ConflictError) as refused:
        rules.check_based_on(based_on, current)
    assert refused.value.code == "version_superseded"
    assert refused.value.extensions["current_version"] == current
