"""Who may be merged with whom, and what a merge never launders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.db import new_id
from purveyor.errors import ConflictError, InvalidError, ProblemError
from sourcing.merging.rules import (
    OF_ONE_PERSON,
    SPEAKS_AGAINST,
    Party,
    came_over,
    expect_had,
    expect_offered,
    expect_one_company,
    what_speaks_against,
    why_not_withdrawn,
)
from sourcing.suppliers.rules.qualification import ENDED, MOVES, Move, Status

NUMBERS = st.frozensets(st.tuples(st.sampled_from(["VAT", "LEI", "GLN", "DUNS"]), st.sampled_from("123")))
STATUSES = st.sampled_from(Status)


def party(number: str, status: Status = Status.APPROVED, *numbers: tuple[str, str]) -> Party:
    return Party(new_id(), number, status, frozenset(numbers))


@given(NUMBERS, NUMBERS, STATUSES)
def test_two_are_one_company_only_where_no_register_says_otherwise(
    ours: frozenset[tuple[str, str]], theirs: frozenset[tuple[str, str]], status: Status
) -> None:
    gone, stays = party("S-1", Status.REGISTERED, *ours), party("S-2", status, *theirs)
    two = any(scheme in {s for s, _ in ours} & {s for s, _ in theirs} for scheme in OF_ONE_PERSON)
    if not (two or status in ENDED):
        expect_one_company(gone, stays)
        return
    with pytest.raises(ConflictError) as refused:
        expect_one_company(gone, stays)
    assert refused.value.code in {"successor_ended", "different_companies"}
    assert (refused.value.code == "successor_ended") == (status in ENDED)


def test_a_supplier_is_not_merged_with_itself() -> None:
    one = party("S-1", Status.APPROVED, ("VAT", "DE1"))
    with pytest.raises(InvalidError) as refused:
        expect_one_company(one, one)
    assert (refused.value.code, refused.value.errors[0].pointer) == ("merge_with_itself", "/into")


def test_the_refusal_names_both_numbers() -> None:
    with pytest.raises(ConflictError, match=r"S-1 has VAT DE1, S-2 has BE2"):
        expect_one_company(
            party("S-1", Status.APPROVED, ("VAT", "DE1")),
            party("S-2", Status.APPROVED, ("VAT", "BE2")),
        )


@given(STATUSES)
def test_whoever_was_not_ordered_from_for_a_reason_speaks_against_the_other(status: Status) -> None:
    """Of those that can be merged: registered and submitted ones were not judged, approved ones well."""
    against = what_speaks_against("S-1", status, "late")
    assert (against is not None) == (status in SPEAKS_AGAINST)
    if (status, Move.MERGE) in MOVES:
        assert (against is None) == (status in {Status.REGISTERED, Status.SUBMITTED, Status.APPROVED})
    if against is not None:
        assert against == f"S-1, which is the same company, was {status}: late"
        assert what_speaks_against("S-1", status, None) == f"S-1, which is the same company, was {status}"


@given(st.lists(st.sampled_from("abc")), st.sets(st.sampled_from("ab")))
def test_only_what_it_has_goes_over(wanted: list[str], had: set[str]) -> None:
    missing = [f"/categories/{place}" for place, one in enumerate(wanted) if one not in had]
    numbers = [f"/identifiers/{place}" for place, one in enumerate(wanted) if one not in had]
    try:
        expect_offered(wanted, had, "categories")
        expect_had([("GLN", one) for one in wanted], {("GLN", one) for one in had}, "identifiers")
    except ProblemError as refused:
        assert [error.pointer for error in refused.errors] == missing  # noqa: PT017  # or none is raised
    else:
        assert missing == numbers == []


def test_a_block_that_came_over_says_of_whom() -> None:
    assert came_over("S-1", "ISO 9001 ended") == "of S-1, which is the same company: ISO 9001 ended"


@pytest.mark.parametrize(
    ("known", "word"),
    [
        ({"imported": True, "scored": False, "merged_into_it": [], "owns": []}, "imported"),
        ({"imported": False, "scored": True, "merged_into_it": [], "owns": []}, "scored"),
        ({"imported": False, "scored": False, "merged_into_it": ["S-7"], "owns": []}, "S-7 was merged"),
        ({"imported": False, "scored": False, "merged_into_it": [], "owns": ["S-8"]}, "S-8 belongs"),
    ],
)
def test_what_may_have_been_ordered_from_was_no_mistake(known: dict[str, object], word: str) -> None:
    assert word in str(why_not_withdrawn("S-1", **known))  # type: ignore[arg-type]


def test_what_nobody_ordered_from_was_a_mistake() -> None:
    assert why_not_withdrawn("S-1", imported=False, scored=False, merged_into_it=[], owns=[]) is None
