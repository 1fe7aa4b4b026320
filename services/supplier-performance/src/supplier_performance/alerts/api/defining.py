"""Alert rules over HTTP: drafted, tried on history, activated by another, retired."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Name
from purveyor_contract.roles import Role
from supplier_performance.alerts import queries, store
from supplier_performance.alerts.commands import defining as commands
from supplier_performance.alerts.model import AlertRuleVersion
from supplier_performance.alerts.rules.grammar import WatchRule
from supplier_performance.alerts.views import EXAMPLE, AlertRuleShown

router = APIRouter(prefix="/v1/alert-rules", tags=["alerts"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("performance:scores:read")]
Owner = Annotated[Principal, requires("policies:write", Role.CATEGORY_MANAGER, Role.ADMIN)]
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]
STATED: dict[str, Any] = {"title": "Late lately", "rule": EXAMPLE}


class AlertRuleStated(BaseModel):
    """All that a version of an alert rule says."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    title: Name
    rule: WatchRule


class TrialAsked(BaseModel):
    """Over which days a rule is tried."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"from": "2025-01-01", "to": "2026-05-31"}]}
    )

    first: Day = Field(alias="from", description="Periods that ended on this day or later")
    last: Day = Field(alias="to", description="And on this day or before; sixty periods at most")


@router.get("", summary="The alert rules that ring")
async def list_alert_rules(tx: Tx, by: Reader) -> Page[AlertRuleShown]:
    """List the active version of every rule, by code."""
    items = [AlertRuleShown.of(version) for version in await store.active(tx)]
    return Page(items=items, next_cursor=None, total=None, next_updated_after=None)


@router.get("/{code}", summary="An alert rule", responses={200: carries(ETAG)})
async def get_alert_rule(code: Code, tx: Tx, by: Reader, response: Response) -> AlertRuleShown:
    """Return the active version of a rule."""
    return _shown(await queries.in_force(tx, code), response)


@router.get("/{code}/versions", summary="The versions of an alert rule")
async def list_alert_rule_versions(code: Code, tx: Tx, by: Reader) -> Page[AlertRuleShown]:
    """List what was written of a rule, drafts too, the newest first."""
    items = [AlertRuleShown.of(version) for version in await queries.written(tx, code)]
    return Page(items=items, next_cursor=None, total=None, next_updated_after=None)


@router.post(
    "/{code}/versions",
    status_code=201,
    summary="Draft an alert rule",
    responses={201: carries(ETAG, LOCATION)},
)
async def draft_alert_rule(
    code: Code, tx: Tx, by: Owner, body: AlertRuleStated, response: Response
) -> AlertRuleShown:
    """Draft a rule, or the next version of one; it does not ring before it was tried and activated."""
    version = await commands.draft(tx, code, body.title, body.rule)
    response.headers["Location"] = f"{router.prefix}/{code}/versions/{version.number}"
    return _shown(version, response)


@router.get("/{code}/versions/{number}", summary="A version of an alert rule", responses={200: carries(ETAG)})
async def get_alert_rule_version(
    code: Code, number: VersionNumber, tx: Tx, by: Reader, response: Response
) -> AlertRuleShown:
    """Return a version, with how it did on history."""
    for version in await queries.written(tx, code):
        if version.number == number:
            return _shown(version, response)
    raise NotFoundError("alert rule version", f"{number} of {code}")


@router.put("/{code}/versions/{number}", summary="Change a draft of an alert rule")
async def change_alert_rule(
    code: Code,
    number: VersionNumber,
    tx: Tx,
    by: Owner,
    seen: IfMatch,
    body: AlertRuleStated,
    response: Response,
) -> AlertRuleShown:
    """State a draft anew, all of it; it is to be tried again."""
    return _shown(await commands.change(tx, code, number, seen, body.title, body.rule), response)


@router.post("/{code}/versions/{number}:try", summary="Try a draft of an alert rule on history")
async def try_alert_rule(
    code: Code,
    number: VersionNumber,
    tx: Tx,
    by: Owner,
    seen: IfMatch,
    body: TrialAsked,
    response: Response,
) -> AlertRuleShown:
    """Say how often a draft would have rung, and how often rightly; nothing rings by it."""
    if body.first > body.last:
        detail = f"The window would begin on {body.first} and end on {body.last}."
        raise InvalidError("window_reversed", detail, errors=[FieldError("/from", "Must not be after `to`")])
    return _shown(await commands.try_on_history(tx, code, number, seen, body.first, body.last), response)


@router.post("/{code}/versions/{number}:activate", summary="Activate a version of an alert rule")
async def activate_alert_rule(
    code: Code, number: VersionNumber, tx: Tx, by: Owner, seen: IfMatch, response: Response
) -> AlertRuleShown:
    """Let a version ring that was tried, from the next business date on; who wrote any of it may not."""
    return _shown(await commands.activate(tx, code, number, seen), response)


@router.post("/{code}/versions/{number}:retire", summary="Retire an alert rule")
async def retire_alert_rule(
    code: Code, number: VersionNumber, tx: Tx, by: Owner, seen: IfMatch, response: Response
) -> AlertRuleShown:
    """Let the active version ring no more, and none instead of it."""
    return _shown(await commands.retire(tx, code, number, seen), response)


def _shown(version: AlertRuleVersion, response: Response) -> AlertRuleShown:
    set_etag(response, version)
    return AlertRuleShown.of(version)
