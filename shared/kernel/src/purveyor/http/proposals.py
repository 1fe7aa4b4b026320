"""Imports over HTTP: one person proposes rows, another sees what they add up to and lets them in."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from purveyor import proposals
from purveyor.auth import ADMIN, Principal, requires
from purveyor.db import Transaction
from purveyor.http.headers import LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.proposals import LISTED, Figures, Proposal, Status
from purveyor.texts import Code, Line, Why

EXAMPLE: dict[str, Any] = {
    "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "name": "Orders 2006 to 2015",
    "status": "open",
    "proposed_by": "mika",
    "proposed_at": "2026-03-02T11:00:00Z",
    "decided_by": None,
    "decided_at": None,
    "reason": None,
}
SHA256 = re.compile("[0-9a-f]{64}")
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

ProposalId = Annotated[
    UUID | None,
    Query(description="Rows are checked and added to this proposal; what another lets in is sent again"),
]


class ProposedImport(BaseModel):
    """Who proposed an import, and who decided about it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]}, from_attributes=True)

    id: UUID
    name: str
    status: Status
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class ImportFigures(BaseModel):
    """What the rows of a proposal add up to, as the service counted them."""

    digest: str = Field(description="Of all rows, SHA-256; who approves states it", examples=[DIGEST])
    rows: int = Field(examples=[13263])
    kinds: dict[str, int] = Field(examples=[{"order": 6233, "receipt": 7030}])
    amounts: dict[str, str] = Field(description="Of orders, by currency", examples=[{"USD": "1627584457.29"}])
    suppliers: int = Field(description="That orders name", examples=[73])
    suppliers_not_here: int = Field(
        description="Of these, how many had not been imported when rows that name them were sent",
        examples=[2],
    )
    first_day: date | None = Field(examples=["2006-05-02"])
    last_day: date | None = Field(examples=["2015-12-31"])
    undated: int = Field(description="Rows whose day nobody knows", examples=[0])


class ImportShown(ProposedImport):
    """A proposal with what its rows add up to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                EXAMPLE
                | {
                    "figures": {
                        "digest": DIGEST,
                        "rows": 13263,
                        "kinds": {"order": 6233, "receipt": 7030},
                        "amounts": {"USD": "1627584457.29"},
                        "suppliers": 73,
                        "suppliers_not_here": 2,
                        "first_day": "2006-05-02",
                        "last_day": "2015-12-31",
                        "undated": 0,
                    }
                }
            ]
        }
    )

    figures: ImportFigures

    @classmethod
    async def of(cls, tx: Transaction, proposal: Proposal) -> Self:
        """Show a proposal with its figures as they are now."""
        found: Figures = await proposals.figures(tx, proposal.id)
        shown = ImportFigures(
            digest=found.digest.hex(),
            rows=found.rows,
            kinds=found.kinds,
            amounts=found.amounts,
            suppliers=found.suppliers,
            suppliers_not_here=found.suppliers_not_here,
            first_day=found.first_day,
            last_day=found.last_day,
            undated=found.undated,
        )
        return cls(**ProposedImport.model_validate(proposal).model_dump(), figures=shown)


class ImportName(BaseModel):
    """What is to be imported, in words."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Orders until 2015"}]})

    name: Line


def _sha256(text: str) -> str:
    if not SHA256.fullmatch(text):
        raise ValueError("64 hexadecimal digits in small letters, as the figures show it")
    return text


class ImportApproval(BaseModel):
    """Which rows are let in."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"digest": DIGEST}]})

    digest: Annotated[Code, AfterValidator(_sha256)] = Field(
        description="That of the figures that were looked at"
    )


class Refusal(BaseModel):
    """Why an import is not let in."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Two orders of this year are in it"}]}
    )

    reason: Why


def imports_on(request: Request) -> None:
    """Refuse a request where imports are switched off: `Depends(imports_on)` of a route that imports."""
    proposals.expect_imports(request.app.state.context.settings)


def proposals_router(scope: str) -> APIRouter:
    """Return the routes of proposals; who has the scope and is an admin proposes, and another lets in."""
    router = APIRouter(
        prefix="/v1/imports",
        tags=["imports"],
        route_class=TransactionRoute,
        dependencies=[Depends(imports_on)],
    )
    may_import: Principal = requires(scope, ADMIN)

    @router.post("", status_code=201, summary="Propose an import", responses={201: carries(LOCATION)})
    async def propose_import(
        body: ImportName, tx: Tx, response: Response, by: Principal = may_import
    ) -> ImportShown:
        """Begin a proposal; its rows are sent to the routes that import them, with `?proposal=`."""
        proposal = await proposals.propose(tx, body.name)
        response.headers["Location"] = f"/v1/imports/{proposal.id}"
        return await ImportShown.of(tx, proposal)

    @router.get("", summary="List imports that were proposed")
    async def list_imports(
        tx: Tx, asked: Annotated[Listed, listed(LISTED, ProposedImport)], by: Principal = may_import
    ) -> Page[ProposedImport]:
        """List proposals, the latest first."""
        return asked.page(await proposals.find_proposals(tx, asked), ProposedImport.model_validate)

    @router.get("/{proposal_id}", summary="Read what an import would bring")
    async def get_import(proposal_id: UUID, tx: Tx, by: Principal = may_import) -> ImportShown:
        """Read a proposal and what its rows add up to now."""
        return await ImportShown.of(tx, await proposals.read(tx, proposal_id))

    @router.post("/{proposal_id}:approve", summary="Let an import in")
    async def approve_import(
        proposal_id: UUID, body: ImportApproval, tx: Tx, by: Principal = may_import
    ) -> ImportShown:
        """Let in the rows of this digest; 403 for who proposed them, 409 when they are others by now."""
        proposal = await proposals.approve(tx, proposal_id, bytes.fromhex(body.digest))
        return await ImportShown.of(tx, proposal)

    @router.post("/{proposal_id}:refuse", summary="Refuse an import")
    async def refuse_import(
        proposal_id: UUID, body: Refusal, tx: Tx, by: Principal = may_import
    ) -> ImportShown:
        """Refuse a proposal, or take back one's own."""
        return await ImportShown.of(tx, await proposals.refuse(tx, proposal_id, body.reason))

    return router
