"""Scorecard templates over HTTP: what holds, what is drafted, and letting a draft judge."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.roles import Role
from supplier_performance.templates import commands, queries, store
from supplier_performance.templates.model import TemplateVersion
from supplier_performance.templates.rules.template import Template
from supplier_performance.templates.views import EXAMPLE, ScorecardTemplateShown, TemplateVersionShown

router = APIRouter(prefix="/v1/scorecard-templates", tags=["scores"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("performance:scores:read")]
Owner = Annotated[Principal, requires("policies:write", Role.CATEGORY_MANAGER, Role.ADMIN)]
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]
Stated = Annotated[Template, Body(examples=[EXAMPLE])]


@router.get("", summary="The scorecard templates")
async def list_scorecard_templates(tx: Tx, by: Reader) -> Page[ScorecardTemplateShown]:
    """List the templates by which suppliers are judged now, by their codes."""
    items = [ScorecardTemplateShown.of(one) for one in await store.active(tx)]
    return Page(items=items, next_cursor=None, total=None, next_updated_after=None)


@router.get("/{code}/versions", summary="The versions of a scorecard template")
async def list_scorecard_template_versions(code: Code, tx: Tx, by: Reader) -> Page[TemplateVersionShown]:
    """List what was written of a template, drafts too, the newest first."""
    items = [TemplateVersionShown.of(code, version) for version in await queries.written(tx, code)]
    return Page(items=items, next_cursor=None, total=None, next_updated_after=None)


@router.post(
    "/{code}/versions",
    status_code=201,
    summary="Draft a scorecard template",
    responses={201: carries(ETAG, LOCATION)},
)
async def draft_scorecard_template(
    code: Code, tx: Tx, by: Owner, body: Stated, response: Response
) -> TemplateVersionShown:
    """Draft a template, or its next version; nobody is judged by it before another has activated it."""
    version = await commands.draft(tx, code, body)
    response.headers["Location"] = f"{router.prefix}/{code}/versions/{version.number}"
    return _shown(code, version, response)


@router.get(
    "/{code}/versions/{number}",
    summary="A version of a scorecard template",
    responses={200: carries(ETAG)},
)
async def get_scorecard_template_version(
    code: Code, number: VersionNumber, tx: Tx, by: Reader, response: Response
) -> TemplateVersionShown:
    """Return a version of a template."""
    for version in await queries.written(tx, code):
        if version.number == number:
            return _shown(code, version, response)
    raise NotFoundError("template version", f"{number} of {code}")


@router.put("/{code}/versions/{number}", summary="Change a draft of a scorecard template")
async def change_scorecard_template(
    code: Code, number: VersionNumber, tx: Tx, by: Owner, seen: IfMatch, body: Stated, response: Response
) -> TemplateVersionShown:
    """State a draft anew, all of it; what was activated never changes."""
    return _shown(code, await commands.change(tx, code, number, seen, body), response)


@router.post("/{code}/versions/{number}:activate", summary="Activate a version of a scorecard template")
async def activate_scorecard_template(
    code: Code, number: VersionNumber, tx: Tx, by: Owner, seen: IfMatch, response: Response
) -> TemplateVersionShown:
    """Judge the suppliers that it fits by it from now on; who wrote any of it may not."""
    return _shown(code, await commands.activate(tx, code, number, seen), response)


def _shown(code: str, version: TemplateVersion, response: Response) -> TemplateVersionShown:
    set_etag(response, version)
    return TemplateVersionShown.of(code, version)
