"""Requisitions are written: anew, again, as a copy of another, or with a template."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from procurement.requisitions import queries, store
from procurement.requisitions.commands.stated import check_stated
from procurement.requisitions.commands.telling import REQUISITION
from procurement.requisitions.model import Requisition, RequisitionTemplate
from procurement.requisitions.model.templates import kept
from procurement.requisitions.rules.stated import Request, Template, check_request
from procurement.requisitions.rules.states import Action, next_status
from procurement.stated import Put, put, stated_as
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.versions import Seen, expect_version


async def create_requisition(tx: Transaction, request: Request, **origin: Any) -> Requisition:
    """Draft a requisition; `origin` is what it was made of."""
    await check_stated(tx, request)
    drafted = Requisition.draft(request, tx.actor, tx.now, **origin)
    tx.session.add(drafted)
    await tx.flush()
    tx.audit("create", REQUISITION, drafted.id, after=request.content() | origin)
    return drafted


async def change_requisition(
    tx: Transaction, requisition_id: UUID, seen: Seen, request: Request
) -> Requisition:
    """Replace what a draft, or one that was returned, says."""
    await check_stated(tx, request)
    found = await locked(tx, requisition_id, seen)
    next_status(Action.CHANGE, found.status)
    before = found.stated().content()
    found.lines = []
    await tx.flush()
    found.state(request, tx.actor)
    await tx.flush()
    tx.audit("change", REQUISITION, found.id, before=before, after=request.content())
    return found


async def copy_requisition(tx: Transaction, requisition_id: UUID, need_by: date | None) -> Requisition:
    """Draft what another requisition says; whoever copies it is the author of the copy, and nobody else.

    What the intake said of finding a supplier first is said of the copy.
    """
    copied = await queries.requisition(tx, requisition_id)
    request = copied.stated()
    if need_by is not None:
        request = replace(request, lines=tuple(replace(line, need_by=need_by) for line in request.lines))
    return await create_requisition(
        tx, request, copied_from=requisition_id, sourcing_route=copied.sourcing_route
    )


async def use_template(tx: Transaction, code: str, need_by: date | None) -> Requisition:
    """Draft what a template says; whoever uses it is the author of what comes of it."""
    absent = NotFoundError("requisition template", code)
    template = (await stated_as(tx, RequisitionTemplate, code, absent)).template()
    return await create_requisition(tx, template.request(tx.day, need_by), template=code)


async def put_template(
    tx: Transaction, code: str, name: str, template: Template, seen: Seen | None
) -> Put[RequisitionTemplate]:
    """Create a template, or say anew what it is; what it names is looked at when it is used."""
    check_request(template)
    return await put(tx, RequisitionTemplate, code, {"name": name, "content": kept(template)}, seen)


async def locked(tx: Transaction, requisition_id: UUID, seen: Seen) -> Requisition:
    """Lock a requisition; raises NotFoundError, and PreconditionFailedError unless as the caller saw it."""
    found = await store.lock(tx, requisition_id)
    if found is None:
        raise NotFoundError("requisition", requisition_id)
    expect_version(found, seen)
    return found
