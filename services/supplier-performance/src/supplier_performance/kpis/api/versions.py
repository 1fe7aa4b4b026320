"""Versions of KPIs over HTTP: drafted, changed, activated by another."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Line, Name
from purveyor_contract.roles import Role
from supplier_performance.kpis import commands, queries
from supplier_performance.kpis.model import KpiVersion
from supplier_performance.kpis.rules.kpi import Kpi, Status
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.kpis.rules.stated import StatedDefinition
from supplier_performance.kpis.views import KpiVersionShown

router = APIRouter(prefix="/v1/kpis", tags=["kpis"], route_class=TransactionRoute)
Owner = Annotated[Principal, requires("policies:write", Role.CATEGORY_MANAGER, Role.ADMIN)]
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]
STATED: dict[str, Any] = {
    "title": "Lines due",
    "formula": "Lines that are due",
    "definition": {
        "of": "lines",
        "numerator": {"aggregate": "count", "where": {"condition": "is_true", "column": "due"}},
        "unit": "count",
        "direction": "higher",
    },
}


class KpiStated(BaseModel):
    """All that a version of a KPI says."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    title: Name
    formula: Line = Field(description="What it is, in words")
    standard: Line | None = Field(default=None, description="Who names it so")
    definition: StatedDefinition

    def kpi(self, code: str, number: int = 0) -> Kpi:
        """Return what it states of a KPI."""
        return Kpi(code, number, self.title, self.formula, self.standard, self.definition)


@router.get("/{code}/versions", summary="The versions of a KPI")
async def list_kpi_versions(
    code: Code, tx: Tx, by: Annotated[Principal, requires("performance:scores:read")]
) -> Page[KpiVersionShown]:
    """List what was written of a KPI, drafts too, the newest first; last what comes with us."""
    written = await queries.written(tx, code)
    items = [KpiVersionShown.of(code, version) for version in written]
    if code in SHIPPED:
        holds = all(version.status != Status.ACTIVE for version in written)
        items.append(KpiVersionShown.of_ours(SHIPPED[code], holds=holds))
    return Page(items=items, next_cursor=None, total=None, next_updated_after=None)


@router.post(
    "/{code}/versions", status_code=201, summary="Draft a KPI", responses={201: carries(ETAG, LOCATION)}
)
async def draft_kpi_version(
    code: Code, tx: Tx, by: Owner, body: KpiStated, response: Response
) -> KpiVersionShown:
    """Draft a KPI, or the next version of one; nothing is made by it before another has activated it."""
    version = await commands.draft(tx, body.kpi(code))
    response.headers["Location"] = f"{router.prefix}/{code}/versions/{version.number}"
    return _shown(code, version, response)


@router.get("/{code}/versions/{number}", summary="A version of a KPI", responses={200: carries(ETAG)})
async def get_kpi_version(
    code: Code,
    number: VersionNumber,
    tx: Tx,
    by: Annotated[Principal, requires("performance:scores:read")],
    response: Response,
) -> KpiVersionShown:
    """Return a version that people have written."""
    for version in await queries.written(tx, code):
        if version.number == number:
            return _shown(code, version, response)
    raise NotFoundError("kpi version", f"{number} of {code}")


@router.put("/{code}/versions/{number}", summary="Change a draft of a KPI")
async def change_kpi_version(
    code: Code, number: VersionNumber, tx: Tx, by: Owner, seen: IfMatch, body: KpiStated, response: Response
) -> KpiVersionShown:
    """State a draft anew, all of it; what was activated never changes."""
    return _shown(code, await commands.change(tx, number, seen, body.kpi(code, number)), response)


@router.post("/{code}/versions/{number}:activate", summary="Activate a version of a KPI")
async def activate_kpi_version(
    code: Code, number: VersionNumber, tx: Tx, by: Owner, seen: IfMatch, response: Response
) -> KpiVersionShown:
    """Let figures be made by a version from now on, of any day; who wrote any of it may not."""
    return _shown(code, await commands.activate(tx, code, number, seen), response)


def _shown(code: str, version: KpiVersion, response: Response) -> KpiVersionShown:
    set_etag(response, version)
    return KpiVersionShown.of(code, version)
