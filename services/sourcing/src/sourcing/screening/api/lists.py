"""Lists over HTTP: loaded by the operator, and what became of each file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from purveyor.auth import Principal, requires
from purveyor.db import Database, Transaction
from purveyor.http.arrival import ANY_SIZE
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.roles import Role
from sourcing.screening.imports.loading import load
from sourcing.screening.rules.forms import Form
from sourcing.screening.store import lists as store
from sourcing.screening.store import runs
from sourcing.screening.views import (
    ScreeningBrokenRowOut,
    ScreeningListOut,
    ScreeningListVersionOut,
    ScreeningRunOut,
    run_shown,
)

router = APIRouter(prefix="/v1", tags=["screening"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:screening:read")]
ListCode = Annotated[Code, Path(description="Our code of the list", examples=["ofac"])]
VersionNumber = Annotated[int, Path(ge=1, le=2_000_000_000, description="Which version", examples=[3])]
PLAIN = "reference,name,kind,aliases,countries\n17,Hyperborea Metallurgical Works,company,HMW Export,RU;BY\n"
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as its publisher writes it, in UTF-8, of any length. `ofac-sdn`: sdn.csv, "
        "with rows of alt.csv behind it if they are wanted; `opensanctions-simple`: targets.simple.csv; "
        "`follow-the-money`: an entity of FollowTheMoney as JSON a line; `csv`: the first line names "
        "`reference` and `name`, and of `kind`, `aliases`, `weak_aliases`, `countries`, `identifiers` and "
        "`addresses` those that there are, values of one kind with `;` between them.",
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": PLAIN},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}


@router.post("/screening-lists/{code}:load", openapi_extra=BODY)
async def load_screening_list(
    by: Annotated[Principal, requires("sourcing:screening:write", Role.ADMIN)],
    code: ListCode,
    request: Request,
    form: Annotated[Form, Query(description="How the file is written", examples=["ofac-sdn"])],
    may_shrink: Annotated[
        bool, Query(description="It is meant that many entries of the version before are gone")
    ] = False,
) -> ScreeningListVersionOut:
    """Load a file of a list as its next version, while it arrives; the first makes the list.

    Rows that cannot be read are left out and counted, the first thousand kept with line and reason. With too
    many of them, or with too many entries gone (policy `screening`), the file is refused and the version
    before it stays in force. Suppliers are held against what is new right after (`/v1/screening-runs`).
    """
    request.scope[ANY_SIZE] = True
    database: Database = request.app.state.database

    @asynccontextmanager
    async def transaction() -> AsyncIterator[Transaction]:
        async with database.transaction() as tx:
            tx.actor, tx.request_id = by.subject, request.state.request_id
            yield tx

    longest: int = request.app.state.context.settings.max_bulk_line_bytes
    version = await load(transaction, request.stream(), code, form, longest=longest, may_shrink=may_shrink)
    return ScreeningListVersionOut.model_validate(version)


@router.get("/screening-lists")
async def list_screening_lists(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.LISTS_OF_LISTS, ScreeningListOut)]
) -> Page[ScreeningListOut]:
    """List the lists that suppliers are held against."""
    return asked.page(await store.find_lists(tx, asked), ScreeningListOut.model_validate)


@router.get("/screening-lists/{code}/versions")
async def list_screening_list_versions(
    tx: Tx,
    by: Reader,
    code: ListCode,
    asked: Annotated[Listed, listed(store.VERSIONS, ScreeningListVersionOut)],
) -> Page[ScreeningListVersionOut]:
    """List the files of a list that were sent, the latest first: also one that is arriving, and how far."""
    return asked.page(await store.find_versions(tx, code, asked), ScreeningListVersionOut.model_validate)


@router.get("/screening-lists/{code}/versions/{number}/broken-rows")
async def list_screening_broken_rows(
    tx: Tx,
    by: Reader,
    code: ListCode,
    number: VersionNumber,
    asked: Annotated[Listed, listed(store.BROKEN_ROWS, ScreeningBrokenRowOut)],
) -> Page[ScreeningBrokenRowOut]:
    """List the rows of a file that could not be read, by line and reason; the first thousand."""
    await store.get_version(tx, code, number)
    found = await store.find_broken_rows(tx, code, number, asked)
    return asked.page(found, ScreeningBrokenRowOut.model_validate)


@router.get("/screening-runs")
async def list_screening_runs(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(runs.RUNS, ScreeningRunOut)]
) -> Page[ScreeningRunOut]:
    """List what holds all suppliers against a list, the latest first, and how far each has come."""
    return asked.page(await runs.find_runs(tx, asked), run_shown)
