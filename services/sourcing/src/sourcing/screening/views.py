"""Lists, runs and hits as answers show them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Points
from sourcing.screening.model.hits import ScreeningHit
from sourcing.screening.model.runs import ScreeningRun
from sourcing.screening.rules.deciding import HitStatus, Verdict
from sourcing.screening.rules.forms import Form
from sourcing.screening.rules.judging import Countries
from sourcing.screening.rules.loading import LoadStatus
from sourcing.screening.rules.parties import NameRole, PartyKind
from sourcing.suppliers.rules.qualification import Status as SupplierStatus
from sourcing.suppliers.store.rows import SupplierInBrief

LIST: dict[str, Any] = {"code": "ofac", "version": 3}
VERSION: dict[str, Any] = {
    "list": "ofac",
    "number": 3,
    "form": "ofac-sdn",
    "status": "loaded",
    "entries": 7379,
    "skipped": 0,
    "broken": 1,
    "new": 12,
    "changed": 3,
    "gone": 2,
    "problem": None,
    "loaded_by": "ada",
    "begun_at": "2026-11-20T06:00:00Z",
    "ended_at": "2026-11-20T06:00:04Z",
}
RUN: dict[str, Any] = {
    "id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6f81",
    "list": "ofac",
    "list_version": 3,
    "why": "list_loaded",
    "business_date": None,
    "begun_at": "2026-11-20T06:00:04Z",
    "comparisons": 7500,
    "of_comparisons": 150000,
    "hits": 1,
    "finished_at": None,
}
HIT: dict[str, Any] = {
    "id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6f82",
    "status": "raised",
    "supplier": {
        "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
        "number": "S-000042",
        "legal_name": "Tarkanov Handels GmbH",
        "status": "approved",
    },
    "list": "ofac",
    "list_version": 3,
    "reference": "26235",
    "score": "97.0",
    "listed_as": "TARKANOV, Viktor Nikolaevich",
    "kind": "person",
    "name": "Viktor N. Tarkanow",
    "role": "owner",
    "name_score": "95.0",
    "shared": [
        {"ours": "viktor", "theirs": "viktor", "alike": "1.0"},
        {"ours": "tarkanow", "theirs": "tarkanov", "alike": "0.88"},
    ],
    "countries": "agree",
    "listed_countries": ["RU"],
    "identifiers": [],
    "weak_alias": None,
    "address": None,
    "policy_version": 0,
    "raised_at": "2026-11-20T06:00:05Z",
    "reason": None,
    "decided_by": None,
    "decided_at": None,
    "allowed_actions": ["clear", "confirm"],
}


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ScreeningListOut(_Shown):
    """A list that suppliers are held against."""

    model_config = ConfigDict(json_schema_extra={"examples": [LIST]})

    code: str
    version: int = Field(description="The version in force; 0: none has been loaded yet")


class ScreeningListVersionOut(_Shown):
    """A file of a list that was sent, and what became of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [VERSION]})

    list: str
    number: int
    form: Form
    status: LoadStatus = Field(description="`refused`: the version before it stays in force")
    entries: int = Field(description="Rows that name a party; while it is loaded, how many have arrived")
    skipped: int = Field(description="Rows that name none, as an address does")
    broken: int = Field(description="Rows that cannot be read")
    new: int = Field(description="Entries that the version before did not have")
    changed: int = Field(description="Entries that say something else now")
    gone: int = Field(description="Entries of the version before that it does not have")
    problem: str | None = Field(description="Why it was refused")
    loaded_by: str
    begun_at: datetime
    ended_at: datetime | None


class ScreeningBrokenRowOut(_Shown):
    """A row that cannot be read."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"line": 17, "reason": "has no name"}]})

    line: int
    reason: str


class ScreeningRunOut(_Shown):
    """All suppliers held against a list, and how far that has come."""

    model_config = ConfigDict(json_schema_extra={"examples": [RUN]})

    id: UUID
    list: str
    list_version: int
    why: str = Field(description="`list_loaded`: against what is new in it; `daily`: against all of it")
    business_date: date | None
    begun_at: datetime
    comparisons: int = Field(description="Suppliers times entries that were compared so far")
    of_comparisons: int = Field(description="How many there were when it began")
    hits: int = Field(description="Raised by it")
    finished_at: datetime | None


class HitSupplier(_Shown):
    """The supplier as it is now."""

    id: UUID
    number: str
    legal_name: str
    status: SupplierStatus


class SharedWords(BaseModel):
    """A word of ours and the word of theirs that it was taken for, in Latin letters."""

    ours: str
    theirs: str
    alike: Decimal = Field(description="1 for equal words")


class ScreeningHitOut(BaseModel):
    """A supplier that may be a party of a list, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [HIT]})

    id: UUID
    status: HitStatus = Field(description="The supplier is blocked by it until it is `cleared`")
    supplier: HitSupplier
    list: str
    list_version: int
    reference: str = Field(description="The list's own key of the entry")
    score: Points = Field(description="How likely, of 100: the name, confirmed or doubted by the rest")
    listed_as: str = Field(description="The name of the entry that ours resembles most")
    kind: PartyKind
    name: str | None = Field(description="Our name that resembles it; null: a number alone did")
    role: NameRole | None = Field(description="What that name is to the supplier")
    name_score: Points
    shared: tuple[SharedWords, ...] = Field(description="The words that matched")
    countries: Countries = Field(description="What the countries of both say")
    listed_countries: tuple[str, ...]
    identifiers: tuple[str, ...] = Field(description="Numbers that both have")
    weak_alias: str | None = Field(description="A weak alias of the entry that is a name of ours too")
    address: str | None = Field(description="An address of ours that is like one of the entry's")
    policy_version: int = Field(description="Of the policy `screening`")
    raised_at: datetime
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None
    allowed_actions: tuple[Verdict, ...]


def shown(hit: ScreeningHit, supplier: SupplierInBrief) -> ScreeningHitOut:
    """Return a hit as it is read, with its supplier as it is now."""
    return ScreeningHitOut(
        id=hit.id,
        status=HitStatus(hit.status),
        supplier=HitSupplier.model_validate(supplier),
        list=hit.list,
        list_version=hit.list_version,
        reference=hit.reference,
        score=hit.score,
        policy_version=hit.policy_version,
        raised_at=hit.raised_at,
        reason=hit.reason,
        decided_by=hit.decided_by,
        decided_at=hit.decided_at,
        allowed_actions=hit.allowed_actions,
        **hit.evidence,
    )


def run_shown(run: ScreeningRun) -> ScreeningRunOut:
    """Return a run as it is read."""
    return ScreeningRunOut.model_validate(run)
