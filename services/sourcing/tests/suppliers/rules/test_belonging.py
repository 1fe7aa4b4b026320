"""What belongs to what never goes in a circle, and not deeper than any real group."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import ConflictError, InvalidError
from sourcing.suppliers.rules.belonging import MOST_LEVELS, expect_apart, expect_possible

COMPANIES = [UUID(int=n) for n in range(6)]
ONE, OTHER = COMPANIES[:2]


def above(parents: dict[UUID, UUID], company: UUID) -> list[UUID]:
    found: list[UUID] = []
    while (company := parents.get(company, company)) not in (*found, *found[-1:]) and company in COMPANIES:
        if found and found[-1] == company:
            break
        found.append(company)
        if company not in parents:
            break
    return found


@given(st.lists(st.tuples(st.sampled_from(COMPANIES), st.sampled_from(COMPANIES)), max_size=30))
def test_whatever_is_stated_nobody_ever_belongs_to_itself(stated: list[tuple[UUID, UUID]]) -> None:
    parents: dict[UUID, UUID] = {}
    for company, parent in stated:
        try:
            expect_possible(company, parent, above(parents, parent) if parent in parents else [], 0)
        except InvalidError:
            assert company == parent or company in above(parents, parent)
        else:
            parents[company] = parent
    for company in parents:
        assert company not in above(parents, company)


def test_a_group_is_twenty_levels_deep_at_most() -> None:
    expect_possible(ONE, OTHER, COMPANIES[2:5], MOST_LEVELS - 5)
    with pytest.raises(InvalidError) as refused:
        expect_possible(ONE, OTHER, COMPANIES[2:5], MOST_LEVELS - 4)
    assert refused.value.code == "group_too_deep"
    assert refused.value.errors[0].pointer == "/parent_id"


def test_what_belongs_to_one_does_not_become_one_with_it() -> None:
    expect_apart("S-000001", "S-000002", ONE, COMPANIES[2:])
    with pytest.raises(ConflictError, match=r"S-000002 belongs to a company that belongs to S-000001"):
        expect_apart("S-000001", "S-000002", ONE, [OTHER, ONE])
