"""A contract begins, is told of, goes on and ends by its days, and each day once."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sourcing.contracts.rules.content import CONTENT, ContractContent
from sourcing.contracts.rules.states import MOVES, ContractStatus, signed_wholly
from sourcing.contracts.rules.term import (
    Due,
    Standing,
    due,
    months_later,
    notice_deadline,
    reaching,
    renewed_until,
)

START = date(2026, 12, 1)


def says(**changes: Any) -> ContractContent:
    return ContractContent.model_validate(deepcopy(CONTENT) | {"obligations": []} | changes)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_months_later_is_in_that_month_and_an_end_of_month_stays_one(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    if (day + timedelta(days=1)).day == 1:
        assert (later + timedelta(days=1)).day == 1


def test_a_contract_goes_on_no_further_than_was_agreed() -> None:
    renewal = CONTENT["renewal"]
    assert renewed_until(says()) == date(2028, 11, 30)
    assert renewed_until(says(renewal=renewal | {"until": "2028-01-31"})) == date(2028, 1, 31)
    assert renewed_until(says(renewal=renewal | {"until": "2027-11-30"})) is None
    assert renewed_until(says(renewal={"kind": "none"})) is None
    assert notice_deadline(says()) == date(2027, 9, 1)


@given(
    st.sampled_from(ContractStatus),
    st.integers(-5, 1500),
    st.booleans(),
    st.sampled_from([None, 60, 30, 7]),
    st.booleans(),
)
def test_a_day_does_only_what_a_status_allows_and_comes_to_an_end(
    status: ContractStatus, later: int, given_: bool, told: int | None, renews: bool
) -> None:
    content = says() if renews else says(renewal={"kind": "none"})
    stands, day = Standing(status, content, given_, told), START + timedelta(days=later)
    for _ in range(10):
        happens = due(stands, day)
        if happens is None:
            break
        if happens is Due.ACTIVATE:
            assert stands.status is ContractStatus.SIGNED
            stands = replace(stands, status=ContractStatus.ACTIVE)
        elif happens is Due.EXPIRE:
            stands = replace(stands, status=ContractStatus.EXPIRED)
        elif happens is Due.RENEW:
            until = renewed_until(stands.content)
            assert until is not None
            assert not stands.notice_given
            stands = replace(stands, content=stands.content.ending(until), told_days_before=None)
        else:
            stands = replace(stands, told_days_before=7)
    else:
        raise AssertionError("a day did something for ever")
    if stands.status is ContractStatus.ACTIVE:
        assert stands.content.ends_on >= day


@given(st.booleans(), st.booleans(), st.sampled_from([None, "2028-01-31", "2029-11-30"]))
def test_a_contract_reaches_as_far_as_it_may_go_on(renews: bool, notice: bool, until: str | None) -> None:
    content = says(renewal=CONTENT["renewal"] | {"until": until} if renews else {"kind": "none"})
    reach = reaching(content, notice_given=notice).ends_on
    stands, day = Standing(ContractStatus.ACTIVE, content, notice, 7), content.ends_on
    happens = due(stands, day)
    if happens is Due.RENEW:
        assert content.ends_on < (renewed_until(content) or day) <= reach
    else:
        assert reach == content.ends_on


def test_it_takes_two_people_to_sign() -> None:
    assert not signed_wholly([])
    assert not signed_wholly(["ava", "ava"])
    assert signed_wholly(["ava", "mel"])


def test_nothing_leads_out_of_an_end() -> None:
    ends = {ContractStatus.EXPIRED, ContractStatus.TERMINATED, ContractStatus.DISCARDED}
    assert not [at for at, _ in MOVES if at in ends]
