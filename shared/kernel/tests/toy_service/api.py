"""The toy service's routes: enough of everything that a route can do."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from purveyor.auth import Principal, requires
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor.http import bulk
from purveyor.http.bulk import Bulk, BulkOutcome
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.lists import Listing, between, both_ways, equal, find, whether
from purveyor.pages import Page
from purveyor.versions import expect_version
from purveyor_contract.roles import Role
from purveyor_messaging.outbox import record
from toy_service.model import Crate, CrateFilled

router = APIRouter(prefix="/v1/crates", tags=["crates"], route_class=TransactionRoute)

Reader = Annotated[Principal, requires("toy:crates:read", suppliers_too=True)]
Writer = Annotated[Principal, requires("toy:crates:write", Role.BUYER)]
CRATES = Listing(
    name="crates",
    id=Crate.id,
    filters=(
        equal("label", str, Crate.label, "What it says on it"),
        *between("apples", int, Crate.apples, "This many apples", directions=("more", "less")),
        whether("empty", Crate.apples == 0, "Whether nothing is in it", ours=True),
    ),
    sorts=(*both_ways("label", Crate.label, Crate.id), *both_ways("apples", Crate.apples, Crate.id)),
    changed=Crate.changed_in,
)


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


@router.post("", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def fill_crate(tx: Tx, by: Writer, row: CrateRow, response: Response) -> CrateShown:
    """Fill a new crate."""
    crate = await fill(tx, row)
    response.headers["Location"] = f"/v1/crates/{crate.id}"
    set_etag(response, crate)
    return show(crate)


@router.get("")
async def list_crates(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(CRATES, CrateShown)]
) -> Page[CrateShown]:
    """List crates by label."""
    return asked.page(await find(tx, select(Crate), asked), show)


IMPORT = bulk.Kind("import-crates", CrateRow, each=lambda _: import_row)


@router.post(":import", **bulk.route(IMPORT))
async def import_crates(rows: Bulk, by: Writer) -> Response:
    """Import crates, a row each."""
    return await rows.take(IMPORT)


@router.get("/{crate_id}", responses={200: carries(ETAG)})
async def read_crate(tx: Tx, by: Reader, crate_id: UUID, response: Response) -> CrateShown:
    """Read a crate."""
    crate = await tx.session.get(Crate, crate_id)
    if crate is None:
        raise NotFoundError("crate", crate_id)
    set_etag(response, crate)
    return show(crate)


@router.put("/{crate_id}")
async def refill_crate(
    tx: Tx, by: Writer, crate_id: UUID, seen: IfMatch, row: CrateRow, response: Response
) -> CrateShown:
    """Refill a crate."""
    crate = await tx.session.get(Crate, crate_id, with_for_update=True)
    if crate is None:
        raise NotFoundError("crate", crate_id)
    expect_version(crate, seen)
    crate.apples = row.apples
    await tx.flush()
    tx.audit("refill", "crate", crate.id, after=row.model_dump())
    set_etag(response, crate)
    return show(crate)
