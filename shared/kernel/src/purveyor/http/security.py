"""Security records over HTTP: who was refused, and who has read personal data, the latest first."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from purveyor.auth import ADMIN, AUDITOR, Principal, requires
from purveyor.http.lists import Listed, listed
from purveyor.http.personal import personal
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.security import LISTED, Kind, find_records


class SecurityRecordShown(BaseModel):
    """Who tried or read what, what came of it, and from where."""

    model_config = personal("security records")

    id: UUID
    at: datetime
    kind: Kind = Field(
        description="refused: for want of a right or a valid token; hidden: a supplier was told that it does "
        "not exist, it may be another's; read: the answer showed personal data"
    )
    code: str = Field(description="The problem's code, or what was read", examples=["role_required"])
    client: str | None = Field(description="Null when nobody was credibly named", examples=["purveyor-cli"])
    subject: str | None = Field(examples=["bo"])
    supplier_id: UUID | None = Field(description="Of a supplier's token")
    method: str = Field(examples=["POST"])
    route: str = Field(examples=["/v1/suppliers/{supplier_id}:approve"])
    entity: str | None = Field(examples=["supplier_id=0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"])
    address: str = Field(examples=["192.0.2.7"])
    request_id: str


router = APIRouter(prefix="/v1/security-records", tags=["audit"], route_class=TransactionRoute)

Auditor = Annotated[Principal, requires("audit:read", AUDITOR, ADMIN)]


@router.get("")
async def list_security_records(
    tx: Tx, by: Auditor, asked: Annotated[Listed, listed(LISTED, SecurityRecordShown)]
) -> Page[SecurityRecordShown]:
    """List who was refused and who has read personal data, the latest first."""
    return asked.page(await find_records(tx, asked), lambda row: SecurityRecordShown(**row._mapping))
