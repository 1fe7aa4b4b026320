"""Hits over HTTP: read, cleared, confirmed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Why
from purveyor_contract.roles import Role
from sourcing.screening.commands.hits import decide
from sourcing.screening.model.hits import ScreeningHit
from sourcing.screening.rules.deciding import Verdict
from sourcing.screening.store import hits as store
from sourcing.screening.views import ScreeningHitOut, shown
from sourcing.suppliers.store.rows import supplier_in_brief, suppliers_in_brief

router = APIRouter(prefix="/v1/screening-hits", tags=["screening"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:screening:read")]
Decider = Annotated[Principal, requires("sourcing:screening:decide", Role.CATEGORY_MANAGER)]


class HitDecision(BaseModel):
    """Why a hit is decided so."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Another person: born 1950, ours 1985"}]}
    )

    reason: Why = Field(description="For our own people and the audit record; no supplier is told")


@router.get("")
async def list_screening_hits(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.HITS, ScreeningHitOut)]
) -> Page[ScreeningHitOut]:
    """List hits, those that wait for a decision with `?status=raised`."""
    found = await store.find_hits(tx, asked)
    suppliers = await suppliers_in_brief(tx, {hit.supplier_id for hit in found.rows}) if found.rows else {}
    return asked.page(found, lambda hit: shown(hit, suppliers[hit.supplier_id]))


@router.get("/{hit_id}", responses={200: carries(ETAG)})
async def get_screening_hit(tx: Tx, by: Reader, hit_id: UUID, response: Response) -> ScreeningHitOut:
    """Read a hit: who the supplier may be, and by which words and numbers."""
    return await _shown(tx, await store.get_hit(tx, hit_id), response)


@router.post("/{hit_id}:clear")
async def clear_screening_hit(
    tx: Tx, by: Decider, hit_id: UUID, seen: IfMatch, body: HitDecision, response: Response
) -> ScreeningHitOut:
    """Decide that the supplier is not the party: its block ends, until the entry or the supplier changes.

    Who registered or changed the supplier may not.
    """
    hit = await decide(tx, hit_id, seen, Verdict.CLEAR, body.reason)
    return await _shown(tx, hit, response)


@router.post("/{hit_id}:confirm")
async def confirm_screening_hit(
    tx: Tx, by: Decider, hit_id: UUID, seen: IfMatch, body: HitDecision, response: Response
) -> ScreeningHitOut:
    """Decide that the supplier is the party: it stays blocked. Who registered or changed it may not."""
    hit = await decide(tx, hit_id, seen, Verdict.CONFIRM, body.reason)
    return await _shown(tx, hit, response)


async def _shown(tx: Transaction, hit: ScreeningHit, response: Response) -> ScreeningHitOut:
    await tx.flush()
    set_etag(response, hit)
    return shown(hit, await supplier_in_brief(tx, hit.supplier_id))
