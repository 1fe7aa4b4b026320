"""Suppliers over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ConfigDict, Field

from purveyor.auth import Principal, refuse_to_suppliers, requires
from purveyor.countries import Country
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.imported import MAIN, SourceKey, SourceSystem
from purveyor.pages import Page
from purveyor.texts import Reference
from purveyor_contract.roles import Role
from sourcing.suppliers import commands
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import ORDERED_FROM
from sourcing.suppliers.rules.search import search_patterns
from sourcing.suppliers.store import ending, finding
from sourcing.suppliers.store import rows as store
from sourcing.suppliers.views.shown import (
    Around,
    OpenReview,
    Resembling,
    SupplierForSupplier,
    SupplierListed,
    SupplierListedForSupplier,
    SupplierOut,
    listed_to_supplier,
    listed_to_us,
    possible_duplicates,
    shown,
    shown_to_supplier,
)
from sourcing.suppliers.views.stated import DETAILS, SupplierApproval, SupplierDetails, WithReason

SEARCH = (
    "The id of a saved search: its filters hold, but for those that are stated here too, and its sort where "
    "none is stated"
)
router = APIRouter(prefix="/v1/suppliers", tags=["suppliers"], route_class=TransactionRoute)


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What suppliers need of their reviews and likenesses; as those know suppliers, `main` hands it down."""

    open_review_of: Callable[[Transaction, UUID], Awaitable[OpenReview | None]]
    answer_by_terminating: commands.AnswerReview
    resembling: Callable[[Transaction, UUID], Awaitable[Resembling]]


@dataclass(frozen=True, slots=True)
class Qualifying:
    """What suppliers need of their qualification; as that knows suppliers, `main` hands it down."""

    find_unqualified: commands.FindUnqualified


@dataclass(frozen=True, slots=True)
class Searching:
    """What suppliers need of saved searches; as those know suppliers, `main` hands it down."""

    saved_search: Callable[[Transaction, UUID, str], Awaitable[tuple[Mapping[str, Any], str | None]]]


async def _searching(request: Request) -> Searching:
    searching: Searching = request.app.state.searching
    return searching


async def _qualifying(request: Request) -> Qualifying:
    qualifying: Qualifying = request.app.state.qualifying
    return qualifying


async def _reviewing(request: Request) -> Reviewing:
    reviewing: Reviewing = request.app.state.reviewing
    return reviewing


HandedDown = Annotated[Reviewing, Depends(_reviewing)]


class Showing:
    """Shows a supplier as it stands after what was done, with its ETag and the review that waits."""

    def __init__(self, response: Response, reviewing: HandedDown) -> None:
        self.response = response
        self.reviewing = reviewing

    async def __call__(self, tx: Transaction, supplier: Supplier) -> SupplierOut:
        """Return what is shown of a supplier."""
        await tx.flush()
        set_etag(self.response, supplier)
        around = Around(
            open_review=await self.reviewing.open_review_of(tx, supplier.id),
            alike=await self._alike(tx, supplier),
            merged_into=await ending.present_in_brief(tx, supplier),
            merged_from=await ending.merged_into(tx, supplier.id),
        )
        return shown(supplier, around, tx.now.date())

    async def _alike(self, tx: Transaction, supplier: Supplier) -> list[tuple[store.SupplierInBrief, str]]:
        resembling = await self.reviewing.resembling(tx, supplier.id)
        in_brief = await store.suppliers_in_brief(tx, resembling.open.keys()) if resembling.open else {}
        return possible_duplicates(supplier, await store.alike(tx, supplier), resembling, in_brief)


Show = Annotated[Showing, Depends()]
Reader = Annotated[Principal, requires("sourcing:suppliers:read", suppliers_too=True)]
Onboarder = Annotated[Principal, requires("sourcing:suppliers:write", Role.BUYER, Role.CATEGORY_MANAGER)]
CategoryManager = Annotated[Principal, requires("sourcing:suppliers:write", Role.CATEGORY_MANAGER)]


class SupplierRegistration(SupplierDetails):
    """A supplier to register."""

    model_config = ConfigDict(json_schema_extra={"examples": [DETAILS]})

    country: Country
    external_reference: Reference | None = Field(
        default=None, description="Its key in another system, unique there", examples=["V-10042"]
    )
    source_system: SourceSystem = MAIN


class SupplierChange(SupplierDetails):
    """A supplier's details, whole: what is left out is gone."""

    model_config = ConfigDict(json_schema_extra={"examples": [DETAILS]})


@router.post("", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def register_supplier(
    tx: Tx, by: Onboarder, registration: SupplierRegistration, response: Response, show: Show
) -> SupplierOut:
    """Register a supplier; it is ordered from only once it is approved."""
    reference = registration.external_reference
    source = None if reference is None else SourceKey(registration.source_system, reference)
    supplier = await commands.register(tx, registration, source=source)
    response.headers["Location"] = f"{router.prefix}/{supplier.id}"
    return await show(tx, supplier)


@router.get("")
async def list_suppliers(
    tx: Tx,
    by: Reader,
    asked: Annotated[Listed, listed(finding.SUPPLIERS, SupplierListed, SupplierListedForSupplier)],
    searching: Annotated[Searching, Depends(_searching)],
    search: Annotated[UUID | None, Query(description=SEARCH)] = None,
) -> Page[SupplierListed] | Page[SupplierListedForSupplier]:
    """Find suppliers by text and filters. Those without a score come last by `score`, either way."""
    refuse_to_suppliers(by, search=search)
    if search is not None:
        asked = _with(asked, *await searching.saved_search(tx, search, by.subject))
    if "q" in asked.filters and not search_patterns(asked.filters["q"]):
        raise InvalidError(
            "query_empty", "Search for letters or digits.", errors=[FieldError("/query/q", "No words.")]
        )
    today = tx.now.date()
    found = await finding.find_suppliers(tx, asked, today, ORDERED_FROM, by.supplier_id)
    if by.is_supplier:
        return asked.page(found, lambda row: listed_to_supplier(row, today))
    return asked.page(found, lambda row: listed_to_us(row, today))


@router.get("/{supplier_id}", responses={200: carries(ETAG)})
async def get_supplier(
    tx: Tx, by: Reader, supplier_id: UUID, response: Response, show: Show
) -> SupplierOut | SupplierForSupplier:
    """Read a supplier: its details, approvals, latest score, open review, and what may be done to it."""
    _expect_visible(by, supplier_id)
    supplier = await store.get_supplier(tx, supplier_id)
    if by.is_supplier:
        set_etag(response, supplier)
        return shown_to_supplier(supplier, tx.now.date())
    return await show(tx, supplier)


@router.put("/{supplier_id}")
async def change_supplier(
    tx: Tx, by: Onboarder, supplier_id: UUID, seen: IfMatch, change: SupplierChange, show: Show
) -> SupplierOut:
    """Replace a supplier's details."""
    _expect_visible(by, supplier_id)
    return await show(tx, await commands.change_details(tx, supplier_id, seen, change))


@router.post("/{supplier_id}:submit")
async def submit_supplier(tx: Tx, by: Onboarder, supplier_id: UUID, seen: IfMatch, show: Show) -> SupplierOut:
    """Submit a supplier for qualification; also again, after a rejection."""
    _expect_visible(by, supplier_id)
    return await show(tx, await commands.submit(tx, supplier_id, seen))


@router.post("/{supplier_id}:approve")
async def approve_supplier(
    tx: Tx,
    by: CategoryManager,
    supplier_id: UUID,
    seen: IfMatch,
    approval: SupplierApproval,
    qualifying: Annotated[Qualifying, Depends(_qualifying)],
    show: Show,
) -> SupplierOut:
    """Approve a supplier for categories; again while it is approved, to add categories or move the last day.

    Who registered, changed or submitted the supplier may not approve it. Where a published questionnaire is
    required for a category, it is qualified until that day, or approved by exception.
    """
    _expect_visible(by, supplier_id)
    supplier = await commands.approve(
        tx,
        supplier_id,
        seen,
        approval.categories,
        approval.expires_on,
        qualifying.find_unqualified,
        approval.exception_reason,
    )
    return await show(tx, supplier)


@router.post("/{supplier_id}:reject")
async def reject_supplier(
    tx: Tx, by: CategoryManager, supplier_id: UUID, seen: IfMatch, body: WithReason, show: Show
) -> SupplierOut:
    """Reject a submitted supplier; it may be submitted again."""
    _expect_visible(by, supplier_id)
    return await show(tx, await commands.reject(tx, supplier_id, seen, body.reason, body.reason_for_supplier))


@router.post("/{supplier_id}:suspend")
async def suspend_supplier(
    tx: Tx, by: CategoryManager, supplier_id: UUID, seen: IfMatch, body: WithReason, show: Show
) -> SupplierOut:
    """Stop new orders to a supplier until it is reinstated."""
    _expect_visible(by, supplier_id)
    return await show(
        tx, await commands.suspend(tx, supplier_id, seen, body.reason, body.reason_for_supplier)
    )


@router.post("/{supplier_id}:reinstate")
async def reinstate_supplier(
    tx: Tx, by: CategoryManager, supplier_id: UUID, seen: IfMatch, body: WithReason, show: Show
) -> SupplierOut:
    """Allow orders to a suspended supplier again, for the approvals still in force."""
    _expect_visible(by, supplier_id)
    return await show(
        tx, await commands.reinstate(tx, supplier_id, seen, body.reason, body.reason_for_supplier)
    )


@router.post("/{supplier_id}:confirm")
async def confirm_supplier(
    tx: Tx, by: CategoryManager, supplier_id: UUID, seen: IfMatch, show: Show
) -> SupplierOut:
    """Confirm who an unconfirmed supplier is now (`unconfirmed` says what was approved), to order again.

    Who changed it may not.
    """
    _expect_visible(by, supplier_id)
    return await show(tx, await commands.confirm(tx, supplier_id, seen))


@router.post("/{supplier_id}:revert")
async def revert_supplier(
    tx: Tx, by: CategoryManager, supplier_id: UUID, seen: IfMatch, body: WithReason, show: Show
) -> SupplierOut:
    """Make an unconfirmed supplier again who it was when it was approved, to order again."""
    _expect_visible(by, supplier_id)
    return await show(tx, await commands.revert(tx, supplier_id, seen, body.reason, body.reason_for_supplier))


@router.post("/{supplier_id}:terminate")
async def terminate_supplier(
    tx: Tx,
    by: CategoryManager,
    supplier_id: UUID,
    seen: IfMatch,
    body: WithReason,
    reviewing: HandedDown,
    show: Show,
) -> SupplierOut:
    """End the relation with a supplier for good."""
    _expect_visible(by, supplier_id)
    answer_review = reviewing.answer_by_terminating
    return await show(
        tx,
        await commands.terminate(tx, supplier_id, seen, body.reason, body.reason_for_supplier, answer_review),
    )


def _with(asked: Listed, filters: Mapping[str, Any], sort: str | None) -> Listed:
    """Return a question with that of a saved search: what the request says itself goes before it."""
    by_change = asked.updated_after is not None
    return replace(
        asked, filters={**filters, **asked.filters}, sort=asked.sort or (None if by_change else sort)
    )


def _expect_visible(by: Principal, supplier_id: UUID) -> None:
    if not by.may_see_supplier(supplier_id):
        raise NotFoundError("supplier", supplier_id)
