"""What documents are good for, as properties."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import ConflictError
from sourcing.documents.rules import (
    POSSIBLE,
    STAGES,
    Consequence,
    DocumentAction,
    DocumentStatus,
    Held,
    Lack,
    MissingDocuments,
    consequence,
    expect_possible,
    stage_due,
    standing,
    touched,
)

DAY = date(2026, 11, 20)
DAYS = st.dates(DAY - timedelta(days=90), DAY + timedelta(days=90))
TREE = {
    "bolts": ("fasteners", "metals"),
    "fasteners": ("metals",),
    "nuts": ("fasteners", "metals"),
    "pumps": (),
}
CODES = st.sets(st.sampled_from(["metals", *TREE]))


@st.composite
def documents(draw: st.DrawFn) -> Held:
    first = draw(DAYS)
    last = draw(st.none() | st.dates(first, first + timedelta(days=90)))
    return Held(
        UUID(int=draw(st.integers(1, 50))),
        draw(st.sampled_from(["iso-9001", "insurance"])),
        draw(st.sampled_from([None, "Augsburg"])),
        first,
        last,
    )


def lies_in(category: str, other: str) -> bool:
    return category == other or other in TREE.get(category, ())


@given(CODES, CODES)
def test_a_category_needs_a_document_where_an_approval_and_a_requirement_both_cover_it(
    approved: set[str], required: set[str]
) -> None:
    found = touched(approved, required, TREE)
    for category in TREE:
        needs = any(lies_in(category, one) for one in approved) and any(
            lies_in(category, one) for one in required
        )
        assert any(lies_in(category, one) for one in found) == needs


@given(DAYS, DAYS)
def test_each_reminder_is_told_once_and_in_time(last: date, accepted_on: date) -> None:
    told: int | None = None
    stages = []
    for day in (accepted_on + timedelta(days=passed) for passed in range(200)):
        stage = stage_due(last, day, told)
        if stage is not None:
            assert 0 <= (last - day).days <= stage
            stages.append(stage)
            told = stage
    left = (last - accepted_on).days
    left = (last - accepted_on).days
    nearest = min((stage for stage in STAGES if stage >= left), default=None)
    expected = {stage for stage in STAGES if stage < left or stage == nearest}
    assert stages == (sorted(expected, reverse=True) if left >= 0 else [])


def test_a_reminder_falls_on_its_day_and_a_missed_one_is_made_up_for() -> None:
    assert [stage_due(DAY + timedelta(days=left), DAY, None) for left in (61, 60, 31, 30, 8, 7, 0, -1)] == [
        None, 60, 60, 30, 30, 7, 7, None,
    ]  # fmt: skip


@given(documents(), documents())
def test_of_two_documents_one_at_most_goes_on_after_the_other(one: Held, other: Held) -> None:
    assert not one.goes_on_after(one)
    assert not (one.goes_on_after(other) and other.goes_on_after(one))
    if one.goes_on_after(other):
        assert other.valid_to is not None
        assert one.holds(other.valid_to + timedelta(days=1)) or one.valid_to == other.valid_to
        assert (one.type, one.site) == (other.type, other.site)


@given(st.lists(documents(), max_size=4), DAYS)
def test_a_document_holds_through_its_last_day_and_lacks_from_the_next(held: list[Held], day: date) -> None:
    stands = standing("iso-9001", ("metals",), held, (), day)
    of_type = [one for one in held if one.type == "iso-9001" and one.valid_from <= day]
    assert (stands.lack is Lack.HOLDS) == any(one.valid_to is None or one.valid_to >= day for one in of_type)
    assert (stands.lack is Lack.NEVER_GIVEN) == (not of_type)
    if stands.lack is Lack.ENDED:
        assert stands.valid_to == max(one.valid_to for one in of_type if one.valid_to is not None)
    withdrawn = standing("iso-9001", ("metals",), held, {"iso-9001"}, day)
    assert withdrawn.lack is (stands.lack if of_type else Lack.ENDED)


@given(st.sampled_from(DocumentAction), st.sampled_from(DocumentStatus))
def test_what_a_status_does_not_allow_is_refused_with_what_it_does(
    action: DocumentAction, status: DocumentStatus
) -> None:
    if action in POSSIBLE[status]:
        expect_possible(action, status)
    else:
        with pytest.raises(ConflictError) as refused:
            expect_possible(action, status)
        assert refused.value.extensions["allowed"] == [str(one) for one in POSSIBLE[status]]


@given(st.sampled_from(Lack), st.sampled_from(Consequence), st.sampled_from(Consequence))
def test_what_follows_is_what_was_decided(lack: Lack, ended: Consequence, never: Consequence) -> None:
    follows = {Lack.HOLDS: Consequence.NOTHING, Lack.ENDED: ended, Lack.NEVER_GIVEN: never}
    assert consequence(lack, MissingDocuments(ended=ended, never_given=never)) is follows[lack]
