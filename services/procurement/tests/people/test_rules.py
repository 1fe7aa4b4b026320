"""Nobody stands above themselves, however long the line is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.people.rules import check_line, check_not_their_own
from purveyor.errors import ForbiddenError, InvalidError

PEOPLE = ("ann", "ben", "cleo", "dan")


def test_a_line_ends_with_somebody_who_has_nobody_above() -> None:
    check_line("ann", None, {})
    check_line("ann", "ben", {"ben": "cleo", "cleo": None})
    check_line("ann", "ben", {})


def test_a_circle_is_refused_with_its_way() -> None:
    with pytest.raises(InvalidError) as refused:
        check_line("ann", "ben", {"ben": "cleo", "cleo": "ann"})
    assert refused.value.code == "managers_circle"
    assert str(refused.value) == "It would go round: ann → ben → cleo → ann."
    (error,) = refused.value.errors
    assert (error.pointer, error.detail) == ("/manager", "ann stands above ben, or is the same")


def test_a_circle_of_others_that_was_there_before_is_not_walked_for_ever() -> None:
    check_line("ann", "ben", {"ben": "cleo", "cleo": "ben"})


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=20))
def test_whoever_is_put_above_whom_no_line_ever_closes(stated: list[tuple[str, str]]) -> None:
    managers: dict[str, str | None] = {}
    for code, manager in stated:
        try:
            check_line(code, manager, managers)
        except InvalidError:
            continue
        managers[code] = manager
    for code in managers:
        above, met = managers.get(code), 0
        while above is not None:
            assert above != code
            above, met = managers.get(above), met + 1
            assert met <= len(PEOPLE)


@pytest.mark.parametrize(("before", "after"), [("ann", "ann"), ("ann", "ben"), ("ben", "ann"), (None, "ann")])
def test_nobody_states_what_they_may_approve_while_it_is_they_or_becomes_they(
    before: str | None, after: str
) -> None:
    was = None if before is None else {"subject": before, "groups": []}
    with pytest.raises(ForbiddenError):
        check_not_their_own("ann", was, {"subject": after, "groups": ["finance"]})
    check_not_their_own("cleo", was, {"subject": after, "groups": ["finance"]})


def test_their_name_and_their_site_everybody_may_state() -> None:
    was = {"subject": "ann", "name": "Ann", "site": None}
    check_not_their_own("ann", was, {"subject": "ann", "name": "Anne", "site": "HAM-1"})
