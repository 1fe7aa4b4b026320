"""A saved search is its owner's, and the department's where it is shared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcing.searches.rules import Ownership, may_change, may_delete, may_see

PEOPLE = st.sampled_from(["bea", "ben"])
SEARCHES = st.builds(Ownership, owner=PEOPLE, shared=st.booleans())


@given(SEARCHES, PEOPLE, st.booleans())
def test_who_owns_a_search_may_do_everything_with_it(it: Ownership, person: str, tidies: bool) -> None:
    owns = it.owner == person
    assert may_change(it, person) is owns
    assert may_see(it, person) is (owns or it.shared)
    assert may_delete(it, person, tidies=tidies) is (owns or (it.shared and tidies))


@given(SEARCHES, PEOPLE, st.booleans())
def test_nobody_changes_or_deletes_what_they_do_not_see(it: Ownership, person: str, tidies: bool) -> None:
    if not may_see(it, person):
        assert not may_change(it, person)
        assert not may_delete(it, person, tidies=tidies)
