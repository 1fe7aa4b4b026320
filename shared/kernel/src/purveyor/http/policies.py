"""Policies over HTTP: what is in force, what was before, and a new decision."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from purveyor import policies
from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.http.headers import ETAG, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.policies import DIMENSIONS, Dimension, History, Place, Policy, Version
from purveyor.texts import Code, Why
from purveyor.versions import expect_version

JudgedUntil: TypeAlias = Callable[[Transaction], Awaitable[date | None]]
Reader = Annotated[Principal, requires("policies:read")]
VersionNumber = Annotated[int, Path(ge=0, le=2**31 - 1, examples=[2])]
AskedDay = Annotated[Day | None, Query(alias="at", description="By default today, in UTC")]


def _asked_place(
    supplier_id: Annotated[UUID | None, Query(description="What holds for this supplier")] = None,
    item: Annotated[
        Code | None, Query(description="What holds for this item", examples=["M8-HEX-40"])
    ] = None,
    category: Annotated[
        Code | None, Query(description="What holds in this category", examples=["fasteners"])
    ] = None,
    site: Annotated[Code | None, Query(description="What holds at this site", examples=["HAM-1"])] = None,
    business_unit: Annotated[
        Code | None, Query(description="What holds for this business unit", examples=["BU-1"])
    ] = None,
) -> Place:
    return Place(
        supplier_id=supplier_id, item=item, category=category, site=site, business_unit=business_unit
    )


AskedPlace = Annotated[Place, Depends(_asked_place)]


class PolicyVersion(BaseModel):
    """A decision: what holds, where, and from which day on."""

    version: int = Field(description="0 is the default, which nobody decided", examples=[2])
    supplier_id: UUID | None = Field(default=None, description="Null for every supplier", examples=[None])
    item: str | None = Field(default=None, description="Null for every item", examples=[None])
    category: str | None = Field(description="Null for every category", examples=["fasteners"])
    site: str | None = Field(default=None, description="Null for every site", examples=[None])
    business_unit: str | None = Field(description="Null for every business unit", examples=[None])
    valid_from: date | None = Field(description="Null for the default, which always was")
    value: dict[str, Any] = Field(examples=[{"grace_days": 2}])
    reason: str | None = Field(examples=["The annual review of suppliers' terms"])
    recorded_at: datetime | None
    recorded_by: str | None = Field(examples=["cora"])
    proposed: bool = Field(description="Whether it waits for another's approval, and is not in force")
    approved_by: str | None = Field(description="Null where one person decides", examples=["carl"])
    approved_at: datetime | None

    @classmethod
    def of(cls, version: Version[Any]) -> Self:
        """Show a version."""
        return cls(
            version=version.number,
            **version.place.shown(),
            valid_from=version.valid_from if version.number else None,
            value=version.value.model_dump(mode="json"),
            reason=version.reason,
            recorded_at=version.recorded_at,
            recorded_by=version.recorded_by,
            proposed=version.is_proposed,
            approved_by=version.approved_by,
            approved_at=version.approved_at,
        )


class PolicySummary(BaseModel):
    """A policy and what is in force of it."""

    name: str = Field(examples=["on-time"])
    summary: str
    divided_by: list[Dimension] = Field(
        description="What a version may be limited to, the most precise first: one of a supplier counts for "
        "more than one of an item, however much else that is limited to"
    )
    version: int = Field(description="Of the latest decision, whether it holds yet or not", examples=[2])
    in_force: PolicyVersion

    @classmethod
    def of(cls, history: History[Any], on: date, place: Place = policies.EVERYWHERE, **more: Any) -> Self:
        """Show a policy as it holds on a day at a place."""
        policy = history.policy
        return cls(
            name=policy.name,
            summary=policy.summary,
            divided_by=[name for name in DIMENSIONS if name in policy.by],
            version=history.version,
            in_force=PolicyVersion.of(history.in_force(on, place)),
            **more,
        )


class PolicyHistory(PolicySummary):
    """A policy with every decision about it."""

    value_schema: dict[str, Any] = Field(description="JSON Schema of its values", examples=[{}])
    versions: list[PolicyVersion] = Field(description="The latest decision first; the default comes last")


class PolicyDecision(BaseModel):
    """What shall hold, where, and from which day on."""

    model_config = ConfigDict(extra="forbid")

    valid_from: Day = Field(description="Later than everything judged so far")
    supplier_id: UUID | None = Field(default=None, examples=[None])
    item: Code | None = Field(default=None, examples=[None])
    category: Code | None = Field(default=None, examples=[None])
    site: Code | None = Field(default=None, examples=[None])
    business_unit: Code | None = Field(default=None, examples=[None])
    value: dict[str, Any] = Field(
        description="All of it, as `value_schema` says: nothing is left as it was",
        examples=[{"grace_days": 2}],
    )
    reason: Why = Field(examples=["The annual review of suppliers' terms"])

    @property
    def place(self) -> Place:
        """Where it shall hold."""
        return Place(**{name: getattr(self, name) for name in DIMENSIONS})


def policy_router(
    declared: Sequence[Policy[Any]], *, deciders: Sequence[str], judged_until: JudgedUntil
) -> APIRouter:
    """Return the routes of a service's policies.

    `deciders` are the roles that may decide; `judged_until` returns the last day for which anything was
    judged, None when nothing was.
    """

    async def judged(tx: Transaction, policy: Policy[Any]) -> date | None:
        until = await judged_until(tx)
        yesterday = tx.day - timedelta(days=1)
        return min(until, yesterday) if policy.at_once and until is not None else until

    router = APIRouter(prefix="/v1/policies", tags=["policies"], route_class=TransactionRoute)
    by_name = {policy.name: policy for policy in declared}
    may_decide: Principal = requires("policies:write", *deciders)

    def named(name: str) -> Policy[Any]:
        if name not in by_name:
            raise NotFoundError("policy", name)
        return by_name[name]

    @router.get("", summary="The policies, and what is in force of each")
    async def list_policies(tx: Tx, by: Reader, day: AskedDay = None) -> Page[PolicySummary]:
        """List what may be decided, with what holds on a day wherever nothing more precise was decided."""
        on = day or tx.day
        items = [PolicySummary.of(await policies.read(tx, policy), on) for policy in declared]
        return Page(items=items, next_cursor=None, total=None, next_updated_after=None)

    @router.get(
        "/{name}",
        summary="A policy, what is in force of it, and every decision about it",
        responses={200: carries(ETAG)},
    )
    async def get_policy(
        name: Code,
        tx: Tx,
        by: Reader,
        response: Response,
        place: AskedPlace,
        day: AskedDay = None,
    ) -> PolicyHistory:
        """Return what holds on a day at a place, and the whole history."""
        policy = named(name)
        history = await policies.read(tx, policy)
        set_etag(response, history)
        every = (*history.versions, *history.proposed)
        latest_first = sorted(every, key=lambda version: -version.number)
        return PolicyHistory.of(
            history,
            day or tx.day,
            place,
            value_schema=policy.model.model_json_schema(),
            versions=[PolicyVersion.of(version) for version in latest_first],
        )

    @router.post("/{name}/versions", status_code=201, summary="Decide what shall hold")
    async def record_policy_version(
        name: Code,
        tx: Tx,
        *,
        by: Principal = may_decide,
        seen: IfMatch,
        decision: PolicyDecision,
        response: Response,
    ) -> PolicyVersion:
        """Record a new version; those before it stay as they are, and so does all that they have judged.

        It is in force once another has approved it, unless the setting policies_need_two says otherwise.
        """
        policy = named(name)
        value = _value(policy, decision.value)
        history = await policies.locked(tx, policy)
        expect_version(history, seen)
        version = policies.record(
            tx,
            history,
            value,
            valid_from=decision.valid_from,
            place=decision.place,
            reason=decision.reason,
            judged_until=await judged(tx, policy),
            needs_approval=tx.database.settings is None or tx.database.settings.policies_need_two,
        )
        set_etag(response, version)
        return PolicyVersion.of(version)

    @router.post(
        "/{name}/versions/{version}:approve",
        summary="Approve what another proposed",
        responses={200: carries(ETAG)},
    )
    async def approve_policy_version(
        name: Code, version: VersionNumber, tx: Tx, *, by: Principal = may_decide, response: Response
    ) -> PolicyVersion:
        """Let a proposed version hold from its first day on; who proposed it may not.

        It needs no ETag: nothing of a version ever changes but this.
        """
        policy = named(name)
        history = await policies.locked(tx, policy)
        approved = await policies.approve(tx, history, version, judged_until=await judged(tx, policy))
        set_etag(response, approved)
        return PolicyVersion.of(approved)

    return router


def _value(policy: Policy[Any], given: dict[str, Any]) -> BaseModel:
    """Read a decision's value; raises RequestValidationError, also for what it leaves out."""
    try:
        value: BaseModel = policy.model.model_validate(given, extra="forbid")
    except ValidationError as error:
        errors = [dict(item) | {"loc": ("body", "value", *item["loc"])} for item in error.errors()]
        raise RequestValidationError(errors) from error
    missing = [
        {"type": "missing", "loc": ("body", "value", *place), "msg": "Field required", "input": given}
        for place in _left_out(value)
    ]
    if missing:
        raise RequestValidationError(missing)
    return value


def _left_out(value: BaseModel) -> list[tuple[str, ...]]:
    """Return the places of the fields that were not given and have their defaults."""
    found: list[tuple[str, ...]] = []
    for name in type(value).model_fields:
        content = getattr(value, name)
        if name not in value.model_fields_set:
            found.append((name,))
        elif isinstance(content, BaseModel):
            found += [(name, *place) for place in _left_out(content)]
    return found
