"""Who may approve an order, and what may be ordered from whom today."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from procurement.categories.rules import NOTHING_ABOVE, Ancestors, covering
from procurement.orders.rules.states import INITIAL
from procurement.suppliers.rules import Approvals, Standing, SupplierStatus, blocks_of
from purveyor.duties import expect_another
from purveyor.errors import FieldError, ForbiddenError, InvalidError

APPROVED_BY_OTHERS: Mapping[str, str] = {
    "authors": "Who created, changed or submitted an order does not approve it.",
    "supplier_authors": "Who onboarded a supplier, or changed who it is, does not approve its orders.",
    "site_authors": "Who created or changed a site does not approve what is ordered to it.",
}
"""By the part that people had in an order: why they do not approve it (COSO: segregation of duties)."""


def check_approver(approver: str, parts: Mapping[str, Collection[str]]) -> None:
    """Raise ForbiddenError if the approver had one of the parts that keep from approving an order."""
    for part, why in APPROVED_BY_OTHERS.items():
        expect_another(approver, parts[part], why)


def check_orderer(orderer: str, receivers: Collection[str]) -> None:
    """Raise ForbiddenError if who would order more, or otherwise, received the order's goods.

    COSO keeps authorisation and custody apart, in whichever order they come.
    """
    expect_another(
        orderer,
        receivers,
        "Who received goods of an order, or took them back, does not write, approve or issue its amendments, "
        "reopen its lines or answer for its supplier.",
    )


def check_approval_stands(
    approved_by: str | None, supplier_authors: Collection[str], site_authors: Collection[str]
) -> None:
    """Raise ForbiddenError if who approved an order has had a part in its supplier or its site since."""
    if approved_by is not None:
        again = "return it, so that another approves it."
        expect_another(
            approved_by,
            supplier_authors,
            f"{approved_by}, who approved the order, has changed who its supplier is: {again}",
        )
        expect_another(
            approved_by, site_authors, f"{approved_by}, who approved the order, has changed its site: {again}"
        )


def check_requester_cancels(requester: str, created_by: str, status: str) -> None:
    """Raise ForbiddenError unless it is the requester's own draft: all else is for a buyer to call off."""
    if requester != created_by:
        raise ForbiddenError("role_required", "An order of another is cancelled by a buyer.", roles=["buyer"])
    if status != INITIAL:
        raise ForbiddenError(
            "role_required",
            f"An order that is {status.replace('_', ' ')} is cancelled by a buyer.",
            roles=["buyer"],
        )


def check_supplier_approved(
    categories: Sequence[str],
    standing: Standing,
    today: date,
    places: Collection[int] | None = None,
    *,
    ancestors: Ancestors,
) -> None:
    """Raise InvalidError naming every line that may not be ordered from the supplier today.

    Of an amendment only the lines at some `places` are ordered anew.
    """
    refusals = issue_refusals(categories, standing, today, ancestors)
    if places is not None:
        anew = {f"/lines/{place}/category" for place in places}
        refusals = [refusal for refusal in refusals if refusal.pointer in anew]
    if refusals:
        raise InvalidError(
            "supplier_not_approved",
            f"{len(refusals)} of {len(categories)} lines may not be ordered from this supplier today.",
            errors=refusals,
        )


def issue_refusals(
    categories: Sequence[str], standing: Standing, today: date, ancestors: Ancestors = NOTHING_ABOVE
) -> list[FieldError]:
    """Return why lines may not be ordered from a supplier today.

    It has to be approved for every category, or for one that it lies in, and no block may cover one.
    """
    if standing.status != SupplierStatus.APPROVED:
        why = f"the supplier is {standing.status}, not approved" + (
            f": {standing.status_reason}" if standing.status_reason else ""
        )
        return [FieldError(f"/lines/{index}/category", why) for index in range(len(categories))]
    refusals = []
    for index, category in enumerate(categories):
        above = covering(category, ancestors)
        why_not = _why_not_approved(above, standing.approvals, today)
        if why_not is None and (blocks := blocks_of(above, standing.blocks)):
            why_not = f"the supplier is blocked for {category}: {'; '.join(blocks)}"
        if why_not is not None:
            refusals.append(FieldError(f"/lines/{index}/category", why_not))
    return refusals


def _why_not_approved(above: Sequence[str], approvals: Approvals, today: date) -> str | None:
    """Return why no approval of a category, or of what it lies in, is in force: the last one has ended."""
    expiry = {one["category"]: one["expires_on"] for one in approvals if one["category"] in above}
    last_days = [date.fromisoformat(day) if day else date.max for day in expiry.values()]
    if not expiry:
        return f"the supplier is not approved for {', nor for '.join(above)}"
    if max(last_days) >= today:
        return None
    approved = max(expiry, key=lambda category: expiry[category] or "")
    return f"the supplier's approval for {approved} expired: its last day was {expiry[approved]}"
