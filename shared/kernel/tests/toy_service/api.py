"""The toy service's routes: enough of everything that a route can do."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from purveyor.auth import Principal, requires
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor.http import bulk
from purveyor.http.bulk import Bulk, BulkOutcome
from purveyor.http.pages import Paging
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page, Sort
from purveyor.versions import expect_version
from purveyor_contract.roles import Role
from purveyor_messaging.outbox import record
from toy_service.model import Crate, CrateFilled

router = APIRouter(prefix="/v1/crates", tags=["crates"], route_class=TransactionRoute)

Reader = Annotated[Principal, requires("toy:crates:read", suppliers_too=True)]
Writer = Annotated[Principal, requires("toy:crates:write", Role.BUYER)]
BY_LABEL = Sort("label,id", Crate.label, Crate.id)


class CrateRow(BaseModel):
    label: str = Field(min_length=1, examples=["Boskoop 7"])
    apples: int = Field(ge=0, examples=[12])
    weight: Decimal | None = Field(default=None, max_digits=12, decimal_places=3)


class CrateShown(BaseModel):
    id: UUID
    label: str
    apples: int


def show(crate: Crate) -> CrateShown:
    return CrateShown(id=crate.id, label=crate.label, apples=crate.apples)


async def fill(tx: Transaction, row: CrateRow) -> Crate:
    if row.apples > 1000:
        raise InvalidError("too_many", "A crate holds 1000.", errors=[FieldError("/apples", "At most 1000")])
    crate = Crate(id=new_id(), label=row.label, apples=row.apples, version=1, sequence=0)
    tx.session.add(crate)
    record(tx, crate, CrateFilled(crate_id=crate.id, apples=crate.apples))
    await tx.flush()
    tx.audit("fill", "crate", crate.id, after=row.model_dump())
    if row.label.startswith("burst"):
        raise ConflictError("burst", "The crate burst after it was filled.")
    if row.label.startswith("bug"):
        raise KeyError("secret of the implementation")
    return crate


async def import_row(tx: Transaction, row: CrateRow) -> BulkOutcome:
    found = await tx.session.scalar(select(Crate).where(Crate.label == row.label))
    if found is not None and found.apples == row.apples:
        return BulkOutcome("unchanged", found.id)
    return BulkOutcome("created", (await fill(tx, row)).id)


@router.post("", status_code=201)
async def fill_crate(tx: Tx, by: Writer, row: CrateRow, response: Response) -> CrateShown:
    """Fill a new crate."""
    crate = await fill(tx, row)
    response.headers["Location"] = f"/v1/crates/{crate.id}"
    set_etag(response, crate)
    return show(crate)


@router.get("")
async def list_crates(
    tx: Tx, by: Reader, page: Paging, label: Annotated[str | None, Query()] = None
) -> Page[CrateShown]:
    """List crates by label."""
    statement = select(Crate) if label is None else select(Crate).where(Crate.label == label)
    rows = (await tx.session.scalars(BY_LABEL.select(statement, page))).all()
    return page.of(rows, BY_LABEL.name, lambda crate: (crate.label, crate.id), show)


@router.post(":import", **bulk.route(CrateRow))
async def import_crates(bulk: Bulk, by: Writer) -> Response:
    """Import crates, a row each."""
    return await bulk.answer(CrateRow, import_row)


@router.get("/{crate_id}")
async def read_crate(tx: Tx, by: Reader, crate_id: UUID, response: Response) -> CrateShown:
    """Read a crate."""
    crate = await tx.session.get(Crate, crate_id)
    if crate is None:
        raise NotFoundError("crate", crate_id)
    set_etag(response, crate)
    return show(crate)


@router.put("/{crate_id}")
async def refill_crate(tx: Tx, by: Writer, crate_id: UUID, seen: IfMatch, row: CrateRow) -> CrateShown:
    """Refill a crate."""
    crate = await tx.session.get(Crate, crate_id, with_for_update=True)
    if crate is None:
        raise NotFoundError("crate", crate_id)
    expect_version(crate, seen)
    crate.apples = row.apples
    await tx.flush()
    tx.audit("refill", "crate", crate.id, after=row.model_dump())
    return show(crate)
