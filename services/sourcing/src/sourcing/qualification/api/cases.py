"""Routes of cases: who reads them, who asks a supplier, and what the supplier answers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role
from sourcing.qualification import queries, store
from sourcing.qualification.api.forms import CaseAnswers, CaseInvitation, CaseReturn, CaseWithdrawal
from sourcing.qualification.commands import answering, inviting
from sourcing.qualification.model import QualificationCase
from sourcing.qualification.views import (
    CaseForSupplier,
    CaseHeader,
    CaseHeaderForSupplier,
    CaseOut,
    Viewer,
    header,
    header_for_supplier,
    shown,
    shown_to_supplier,
)

router = APIRouter(prefix="/v1/qualification-cases", tags=["qualification"], route_class=TransactionRoute)
WRITE = "sourcing:qualification:write"
Reader = Annotated[Principal, requires("sourcing:qualification:read", suppliers_too=True)]
Inviter = Annotated[Principal, requires(WRITE, Role.BUYER, Role.CATEGORY_MANAGER)]
OfSupplier = Annotated[Principal, requires("sourcing:qualification:answer", Role.SUPPLIER)]


class Showing:
    """Shows a case as it stands after what was done, with its ETag."""

    def __init__(self, response: Response) -> None:
        self.response = response

    async def __call__(self, tx: Transaction, case: QualificationCase, by: Principal) -> CaseOut:
        """Return what one of ours is shown of a case."""
        await tx.flush()
        set_etag(self.response, case)
        policy = await queries.policy(tx, tx.day, case.category)
        found = await queries.with_questions(tx, case)
        viewer = Viewer(by.subject, Role.CATEGORY_MANAGER in by.roles)
        awaited = await queries.awaited(tx, case)
        return shown(found, viewer, policy.value.least_evaluators, tx.day, awaited)

    async def to_supplier(self, tx: Transaction, case: QualificationCase) -> CaseForSupplier:
        """Return what its supplier is shown of a case."""
        await tx.flush()
        set_etag(self.response, case)
        return shown_to_supplier(await queries.with_questions(tx, case), tx.day)


Show = Annotated[Showing, Depends()]


@router.get("")
async def list_qualification_cases(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.CASES, CaseHeader, CaseHeaderForSupplier)]
) -> Page[CaseHeader] | Page[CaseHeaderForSupplier]:
    """List cases; a supplier sees its own."""
    found = await queries.find_cases(tx, asked, by.supplier_id)
    if by.is_supplier:
        return asked.page(found, header_for_supplier)
    return asked.page(found, header)


@router.post("", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def invite_to_qualify(
    tx: Tx, by: Inviter, body: CaseInvitation, response: Response, show: Show
) -> CaseOut:
    """Ask a supplier to qualify for a category by a questionnaire."""
    case = await inviting.invite(tx, body.invitation())
    response.headers["Location"] = f"{router.prefix}/{case.id}"
    return await show(tx, case, by)


@router.get("/{case_id}", responses={200: carries(ETAG)})
async def get_qualification_case(tx: Tx, by: Reader, case_id: UUID, show: Show) -> CaseOut | CaseForSupplier:
    """Read a case: what is asked and answered, and for us who evaluates it and on what it was decided."""
    case = await store.get_case(tx, case_id)
    if not by.may_see_supplier(case.supplier_id):
        raise NotFoundError("qualification case", case_id)
    return await show.to_supplier(tx, case) if by.is_supplier else await show(tx, case, by)


@router.put("/{case_id}/answers")
async def save_qualification_answers(
    tx: Tx, by: OfSupplier, case_id: UUID, seen: IfMatch, body: CaseAnswers, show: Show
) -> CaseForSupplier:
    """Keep the supplier's answers so far, all of them; what is not asked in view of the others is refused."""
    case = await answering.save_answers(tx, case_id, seen, body.answers, by)
    return await show.to_supplier(tx, case)


@router.post("/{case_id}:submit")
async def submit_qualification_case(
    tx: Tx, by: OfSupplier, case_id: UUID, seen: IfMatch, show: Show
) -> CaseForSupplier:
    """Hand the supplier's answers in; everything mandatory that is asked has to be answered."""
    return await show.to_supplier(tx, await answering.submit(tx, case_id, seen, by))


@router.post("/{case_id}:return")
async def return_qualification_case(
    tx: Tx, by: Inviter, case_id: UUID, seen: IfMatch, body: CaseReturn, show: Show
) -> CaseOut:
    """Let the supplier answer again, with what it is told; marks that were given count no more.

    No author of the supplier does that, and once all marks are there a category manager only.
    """
    case = await answering.give_back(tx, case_id, seen, body.due_on, body.reason_for_supplier, by)
    return await show(tx, case, by)


@router.post("/{case_id}:withdraw")
async def withdraw_qualification_case(
    tx: Tx, by: Inviter, case_id: UUID, seen: IfMatch, body: CaseWithdrawal, show: Show
) -> CaseOut:
    """End a case without a decision; once it was submitted, by nobody who wrote the supplier.

    Once all marks are there, by a category manager.
    """
    case = await inviting.withdraw(tx, case_id, seen, body.reason, body.reason_for_supplier, by)
    return await show(tx, case, by)
