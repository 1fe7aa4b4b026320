"""The audit trail over HTTP: who did what, the latest first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from purveyor.audit.listing import RECORDS, find_records
from purveyor.auth import ADMIN, AUDITOR, Principal, requires
from purveyor.erasing import shown, with_values
from purveyor.http.lists import Listed, listed
from purveyor.http.personal import personal
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page


class AuditRecordShown(BaseModel):
    """Who did what to which thing, what it was before and after, and why."""

    model_config = personal("audit records")

    id: UUID
    at: datetime
    actor: str = Field(examples=["bo"])
    action: str = Field(examples=["approve"])
    entity: str = Field(examples=["supplier"])
    entity_id: str
    before: dict[str, Any] | None = Field(description="Personal data that was erased is `erased`")
    after: dict[str, Any] | None
    reason: str | None
    request_id: str | None
    position: int | None = Field(description="In the chain; null until it is sealed, a moment later")


router = APIRouter(prefix="/v1/audit", tags=["audit"], route_class=TransactionRoute)

Auditor = Annotated[Principal, requires("audit:read", AUDITOR, ADMIN)]


@router.get("")
async def list_audit_records(
    tx: Tx, by: Auditor, asked: Annotated[Listed, listed(RECORDS, AuditRecordShown)]
) -> Page[AuditRecordShown]:
    """List what was done, the latest first, to one thing or by one person.

    Who follows the trail asks for `position_from` the last position seen, and one more: positions are in the
    order of the seals and have no gaps, so nothing that commits late is missed.
    """
    found = await find_records(tx, asked)
    values = await with_values(tx.connection, [row.id for row in found.rows])

    def record_shown(row: Any) -> AuditRecordShown:
        own = values.get(row.id, {})
        content = {name: shown(row._mapping[name], own) for name in ("before", "after")}
        return AuditRecordShown(**{**row._mapping, **content})

    return asked.page(found, record_shown)
