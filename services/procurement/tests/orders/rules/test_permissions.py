"""Who may approve an order, and what may be ordered from whom."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules import permissions
from procurement.orders.rules.states import Status
from procurement.suppliers.rules import Standing, SupplierStatus, order_flag
from purveyor.errors import FieldError, ForbiddenError, InvalidError

TODAY = date(2026, 3, 2)


PEOPLE = st.sets(st.sampled_from("abc"))


@given(st.sampled_from("abc"), PEOPLE, PEOPLE, PEOPLE)
def test_who_wrote_an_order_or_made_its_supplier_or_its_site_what_it_is_does_not_approve_it(
    approver: str, authors: set[str], supplier_authors: set[str], site_authors: set[str]
) -> None:
    parts = {"authors": authors, "supplier_authors": supplier_authors, "site_authors": site_authors}
    if approver in authors | supplier_authors | site_authors:
        with pytest.raises(ForbiddenError) as refused:
            permissions.check_approver(approver, parts)
        assert refused.value.code == "segregation_of_duties"
        assert refused.value.detail == (
            "Who created, changed or submitted an order does not approve it."
            if approver in authors
            else "Who onboarded a supplier, or changed who it is, does not approve its orders."
            if approver in supplier_authors
            else "Who created or changed a site does not approve what is ordered to it."
        )
    else:
        permissions.check_approver(approver, parts)


@given(st.none() | st.sampled_from("abc"), PEOPLE, PEOPLE)
def test_an_approval_stands_until_who_gave_it_had_a_part_in_who_the_supplier_or_what_the_site_is(
    approver: str | None, supplier_authors: set[str], site_authors: set[str]
) -> None:
    if approver in supplier_authors | site_authors:
        with pytest.raises(ForbiddenError, match=f"^{approver}, who approved the order, has changed"):
            permissions.check_approval_stands(approver, supplier_authors, site_authors)
    else:
        permissions.check_approval_stands(approver, supplier_authors, site_authors)


@given(st.sampled_from("ab"), st.sampled_from("ab"), st.sampled_from(Status))
def test_a_requester_cancels_their_own_drafts_only(requester: str, creator: str, status: Status) -> None:
    if requester == creator and status is Status.DRAFT:
        permissions.check_requester_cancels(requester, creator, status)
        return
    with pytest.raises(ForbiddenError) as refused:
        permissions.check_requester_cancels(requester, creator, status)
    assert refused.value.code == "role_required"
    assert refused.value.detail == (
        "An order of another is cancelled by a buyer."
        if requester != creator
        else f"An order that is {status.replace('_', ' ')} is cancelled by a buyer."
    )


def test_the_refusal_counts_the_lines_that_may_not_be_ordered_and_names_each() -> None:
    approvals = [{"category": "fasteners", "expires_on": None}]
    with pytest.raises(InvalidError) as refused:
        permissions.check_supplier_approved(
            ["seals", "fasteners"], Standing("approved", None, approvals, []), TODAY, ancestors={}
        )
    assert refused.value.code == "supplier_not_approved"
    assert refused.value.detail == "1 of 2 lines may not be ordered from this supplier today."
    assert refused.value.errors == (
        FieldError("/lines/0/category", "the supplier is not approved for seals"),
    )


def test_an_approval_that_expires_today_is_good_for_an_order_of_today() -> None:
    approvals = [{"category": "fasteners", "expires_on": TODAY.isoformat()}]
    standing = Standing("approved", None, approvals, [])
    permissions.check_supplier_approved(["fasteners"], standing, TODAY, ancestors={})
    with pytest.raises(InvalidError):
        permissions.check_supplier_approved(["fasteners"], standing, TODAY + timedelta(1), ancestors={})


def test_a_standing_says_its_reason_where_there_is_one() -> None:
    def why(status: str, reason: str | None) -> str:
        standing = Standing(status, reason, [], [])
        with pytest.raises(InvalidError) as refused:
            permissions.check_supplier_approved(["fasteners"], standing, TODAY, ancestors={})
        return refused.value.errors[0].detail

    assert why("suspended", "late again") == "the supplier is suspended, not approved: late again"
    assert why("registered", None) == "the supplier is registered, not approved"


def test_a_supplier_is_ordered_from_only_in_approved_categories_until_the_last_day_of_each() -> None:
    approvals: list[dict[str, str | None]] = [
        {"category": "fasteners", "expires_on": None},
        {"category": "bearings", "expires_on": "2026-03-02"},
        {"category": "seals", "expires_on": "2026-03-01"},
    ]
    refusals = permissions.issue_refusals(
        ["fasteners", "bearings", "seals", "castings"], Standing("approved", None, approvals, []), TODAY
    )
    assert [(refusal.pointer, refusal.detail) for refusal in refusals] == [
        ("/lines/2/category", "the supplier's approval for seals expired: its last day was 2026-03-01"),
        ("/lines/3/category", "the supplier is not approved for castings"),
    ]


ABOVE = {"bolts": ["fasteners", "metals"], "fasteners": ["metals"]}
CHAIN = ("bolts", "fasteners", "metals")
IN_TREE = st.sampled_from([*CHAIN, "seals"])


@given(
    category=IN_TREE,
    approvals=st.dictionaries(IN_TREE, st.none() | st.dates(date(2026, 2, 20), date(2026, 3, 12))),
    blocked=st.lists(IN_TREE, max_size=2),
)
def test_an_approval_and_a_block_of_a_category_are_of_all_that_lies_in_it(
    category: str, approvals: dict[str, date | None], blocked: list[str]
) -> None:
    above = CHAIN[CHAIN.index(category) :] if category in CHAIN else (category,)
    told: list[dict[str, str | None]] = [
        {"category": one, "expires_on": day.isoformat() if day else None} for one, day in approvals.items()
    ]
    standing = Standing("approved", None, told, [{"categories": blocked, "reason": "it ended"}])
    refusals = permissions.issue_refusals([category], standing, TODAY, ABOVE)
    days = [day or date.max for one, day in approvals.items() if one in above]
    if any(day >= TODAY for day in days):
        assert bool(refusals) == (not set(blocked).isdisjoint(above))
    else:
        [refusal] = refusals
        said = "expired" if days else "is not approved for " + ", nor for ".join(above)
        assert said in refusal.detail


def test_what_lies_in_a_category_that_nobody_told_of_is_covered_by_its_own_code_alone() -> None:
    approvals: list[dict[str, str | None]] = [{"category": "metals", "expires_on": None}]
    standing = Standing("approved", None, approvals, [])
    assert [one.detail for one in permissions.issue_refusals(["bolts", "metals"], standing, TODAY)] == [
        "the supplier is not approved for bolts"
    ]
    assert permissions.issue_refusals(["bolts", "metals"], standing, TODAY, ABOVE) == []


def test_of_several_approvals_the_one_that_ends_last_counts() -> None:
    told: list[dict[str, str | None]] = [
        {"category": "bolts", "expires_on": "2026-02-01"},
        {"category": "metals", "expires_on": "2026-02-03"},
        {"category": "fasteners", "expires_on": "2026-02-02"},
    ]
    [refusal] = permissions.issue_refusals(["bolts"], Standing("approved", None, told, []), TODAY, ABOVE)
    assert refusal.detail == "the supplier's approval for metals expired: its last day was 2026-02-03"


@given(st.sampled_from([status for status in SupplierStatus if status is not SupplierStatus.APPROVED]))
def test_a_supplier_in_any_other_standing_is_refused_on_every_line(status: SupplierStatus) -> None:
    approvals = [{"category": "fasteners", "expires_on": None}]
    refusals = permissions.issue_refusals(
        ["fasteners"] * 2, Standing(status, "quality", approvals, []), TODAY
    )
    assert [refusal.pointer for refusal in refusals] == ["/lines/0/category", "/lines/1/category"]
    assert f"the supplier is {status}, not approved: quality" in refusals[0].detail


def test_a_block_keeps_from_ordering_what_it_covers_and_says_why() -> None:
    approvals: list[dict[str, str | None]] = [
        {"category": "fasteners", "expires_on": None},
        {"category": "seals", "expires_on": None},
    ]
    ended = {"categories": ["seals"], "reason": "ISO 9001 ended"}
    listed = {"categories": None, "reason": "a name on a list"}

    def why(*blocks: dict[str, Any]) -> list[tuple[str, str]]:
        standing = Standing("approved", None, approvals, blocks)
        refusals = permissions.issue_refusals(["fasteners", "seals"], standing, TODAY)
        return [(refusal.pointer, refusal.detail) for refusal in refusals]

    assert why() == []
    assert why(ended) == [("/lines/1/category", "the supplier is blocked for seals: ISO 9001 ended")]
    assert why(ended, listed) == [
        ("/lines/0/category", "the supplier is blocked for fasteners: a name on a list"),
        ("/lines/1/category", "the supplier is blocked for seals: ISO 9001 ended; a name on a list"),
    ]


def test_open_orders_are_flagged_by_blocks_of_all_that_a_supplier_sells_and_by_no_others() -> None:
    ended = {"categories": ["seals"], "reason": "ISO 9001 ended"}
    listed = {"categories": None, "reason": "a name on a list"}
    assert order_flag("approved", None, [ended]) is None
    assert order_flag("approved", None, [ended, listed]) == "supplier blocked: a name on a list"
    assert order_flag("suspended", "late", [listed]) == "supplier suspended: late"
