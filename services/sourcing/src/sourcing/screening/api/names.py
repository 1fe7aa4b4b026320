"""What else a supplier is called, and who owns it, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, carries
from purveyor.http.personal import personal
from purveyor.http.preconditions import IfMatchWhenPresent, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Name
from purveyor_contract.roles import Role
from sourcing.screening.commands.names import state
from sourcing.screening.rules.parties import Named, NameRole
from sourcing.screening.store import names as store
from sourcing.suppliers.store.rows import get_supplier

router = APIRouter(prefix="/v1/suppliers", tags=["screening"], route_class=TransactionRoute)
EXAMPLE: dict[str, Any] = {
    "names": [{"name": "Muster Screws", "role": "alias"}, {"name": "Erika Muster", "role": "owner"}]
}


class ScreenedName(BaseModel):
    """A name that a supplier is held against lists by, beside its legal name."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, **personal("screened names"))

    name: Name = Field(examples=["Erika Muster"])
    role: NameRole = Field(description="`owner`: who owns or controls it", examples=["owner"])


class ScreenedNamesStated(BaseModel):
    """The aliases and owners of a supplier, all of them: what is left out is gone."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [dict(EXAMPLE)]})

    names: list[ScreenedName] = Field(max_length=200)


@router.get("/{supplier_id}/screened-names", responses={200: carries(ETAG)})
async def get_screened_names(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:screening:read")],
    supplier_id: UUID,
    response: Response,
) -> ScreenedNamesStated:
    """Read what a supplier is called beside its legal name, and who owns it."""
    await get_supplier(tx, supplier_id)
    stated = await store.stated(tx, supplier_id)
    if stated is None:
        response.headers["ETag"] = '"0"'
        return ScreenedNamesStated(names=[])
    set_etag(response, stated)
    return ScreenedNamesStated.model_validate({"names": stated.names})


@router.put("/{supplier_id}/screened-names", responses={200: carries(ETAG)})
async def state_screened_names(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:suppliers:write", Role.BUYER, Role.CATEGORY_MANAGER)],
    supplier_id: UUID,
    stated: ScreenedNamesStated,
    response: Response,
    seen: IfMatchWhenPresent = None,
) -> ScreenedNamesStated:
    """State what else a supplier is called and who owns it; it is held against the lists within seconds."""
    names = [Named(one.name, one.role) for one in stated.names]
    kept = await state(tx, supplier_id, seen, names)
    await tx.flush()
    set_etag(response, kept)
    return ScreenedNamesStated.model_validate({"names": kept.names})
