"""Whom one compares, and which documents are about to lack."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import InvalidError
from sourcing.comparison.rules import (
    EXPIRING_WITHIN,
    expect_each_once,
    expect_known,
    expiring,
    missing,
)
from sourcing.documents.rules import Lack, Standing

TODAY = date(2026, 11, 20)
ASKED = st.lists(st.sampled_from([UUID(int=number) for number in range(4)]), max_size=6)
STANDINGS = st.lists(
    st.builds(
        Standing,
        type=st.just("iso-9001"),
        categories=st.just(("fasteners",)),
        lack=st.sampled_from(Lack),
        document_id=st.none(),
        valid_to=st.none() | st.dates(TODAY, TODAY + timedelta(days=100)),
    )
)


@given(ASKED)
def test_each_is_asked_for_once(asked: list[UUID]) -> None:
    if len(set(asked)) == len(asked):
        expect_each_once(asked)
        return
    with pytest.raises(InvalidError) as refused:
        expect_each_once(asked)
    places = [int(error.pointer.rpartition("/")[2]) for error in refused.value.errors]
    assert (refused.value.code, refused.value.detail) == (
        "supplier_repeated",
        "A supplier is asked for twice.",
    )
    assert {error.detail for error in refused.value.errors} == {"It was asked for before."}
    assert len(asked) - len(places) == len(set(asked))
    assert all(asked[place] in asked[:place] for place in places)


@given(ASKED, st.sets(st.sampled_from([UUID(int=number) for number in range(4)])))
def test_whoever_does_not_exist_is_named_by_its_place(asked: list[UUID], known: set[UUID]) -> None:
    if set(asked) <= known:
        expect_known(asked, known)
        return
    with pytest.raises(InvalidError) as refused:
        expect_known(asked, known)
    assert refused.value.code == "suppliers_unknown"
    assert refused.value.detail == "Not all of the suppliers that are asked for exist."
    named = {error.pointer: error.detail for error in refused.value.errors}
    assert named == {
        f"/query/id/{place}": f"No supplier {one} exists."
        for place, one in enumerate(asked)
        if one not in known
    }


@given(STANDINGS)
def test_a_document_is_missing_or_it_holds_and_may_be_about_to_end(standings: list[Standing]) -> None:
    assert missing(standings) == [one for one in standings if one.lack is not Lack.HOLDS]
    for one in expiring(standings, TODAY):
        assert one.lack is Lack.HOLDS
        assert one.valid_to is not None
        assert one.valid_to - TODAY <= EXPIRING_WITHIN


def test_a_document_is_about_to_end_from_the_day_on_which_that_is_told_first() -> None:
    def of(valid_to: date | None) -> Standing:
        return Standing("iso-9001", ("fasteners",), Lack.HOLDS, None, valid_to)

    last = of(TODAY + timedelta(days=60))
    assert expiring([of(None), of(TODAY + timedelta(days=61)), last, of(TODAY)], TODAY) == [last, of(TODAY)]
