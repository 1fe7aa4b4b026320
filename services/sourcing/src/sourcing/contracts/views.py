"""Contracts as answers show them: to us with who signed and why, to their supplier with what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from sourcing.contracts.model import Contract, ContractVersion
from sourcing.contracts.rules.content import (
    CONTENT,
    CONTENT_FOR_SUPPLIER,
    ContractContent,
    ContractContentForSupplier,
    ContractKind,
)
from sourcing.contracts.rules.states import ContractMove, ContractStatus, allowed_moves
from sourcing.contracts.rules.term import notice_deadline

SUPPLIER = "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"
HEADER_FOR_SUPPLIER: dict[str, Any] = {
    "id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fc4",
    "number": "C-000042",
    "status": "active",
    "kind": "framework",
    "title": "Fasteners 2027",
    "supplier_id": SUPPLIER,
    "currency": "EUR",
    "starts_on": "2026-12-01",
    "ends_on": "2027-11-30",
    "edition": 1,
    "ended_on": None,
}
HEADER: dict[str, Any] = HEADER_FOR_SUPPLIER | {
    "award_id": None,
    "created_by": "bob",
    "created_at": "2026-11-19T09:30:00Z",
}
VERSION_FOR_SUPPLIER: dict[str, Any] = {"edition": 1, "in_force_from": "2026-12-01", "why": None}
VERSION: dict[str, Any] = VERSION_FOR_SUPPLIER | {"authors": ["bob"], "signers": ["carla", "ava"]}
FOR_SUPPLIER: dict[str, Any] = HEADER_FOR_SUPPLIER | {
    "content": CONTENT_FOR_SUPPLIER,
    "versions": [VERSION_FOR_SUPPLIER],
    "notice_deadline": "2027-09-01",
    "notice_given_on": None,
    "suspended_reason_for_supplier": None,
    "ended_reason_for_supplier": None,
}
SHOWN: dict[str, Any] = HEADER | {
    "content": CONTENT,
    "versions": [VERSION],
    "signers": ["carla", "ava"],
    "amendment": None,
    "amendment_why": None,
    "amendment_signers": [],
    "returned_reason": None,
    "notice_deadline": "2027-09-01",
    "notice_given_on": None,
    "notice_by_supplier": None,
    "suspended_reason": None,
    "suspended_reason_for_supplier": None,
    "ended_reason": None,
    "ended_reason_for_supplier": None,
    "allowed_actions": ["amend", "renew", "sign", "return", "give_notice", "suspend", "terminate"],
}


class ContractVersionForSupplier(BaseModel):
    """From when on a contract said what it said, as its supplier is shown it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [VERSION_FOR_SUPPLIER]})

    edition: int
    in_force_from: date
    why: str | None = Field(description="Why it was amended")


class ContractVersionOut(ContractVersionForSupplier):
    """From when on a contract said what it said, who wrote and who signed it."""

    model_config = ConfigDict(json_schema_extra={"examples": [VERSION]})

    authors: list[str]
    signers: list[str] = Field(description="None where it went on by itself")


class ContractHeaderForSupplier(BaseModel):
    """A contract as its supplier is shown it in a list."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [HEADER_FOR_SUPPLIER]})

    id: UUID
    number: str
    status: ContractStatus
    kind: ContractKind
    title: str
    supplier_id: UUID
    currency: str
    starts_on: date
    ends_on: date = Field(description="Its last day")
    edition: int = Field(description="0: not signed; then 1, and one more by each amendment or renewal")
    ended_on: date | None = Field(description="When it ended, or was terminated")

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """Return a contract as a list shows it."""
        return cls.model_validate(contract)


class ContractHeader(ContractHeaderForSupplier):
    """A contract in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER]})

    award_id: UUID | None = Field(description="The award that it came of; null: it was agreed by hand")
    created_by: str
    created_at: datetime


class ContractForSupplier(ContractHeaderForSupplier):
    """A contract as its supplier is shown it."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOR_SUPPLIER]})

    content: ContractContentForSupplier
    versions: list[ContractVersionForSupplier]
    notice_deadline: date | None = Field(
        description="The last day for notice; null: it does not go on by itself"
    )
    notice_given_on: date | None
    suspended_reason_for_supplier: str | None
    ended_reason_for_supplier: str | None

    @classmethod
    def shown(cls, contract: Contract, versions: Sequence[ContractVersion]) -> Self:
        """Return a contract as its supplier is shown it."""
        content = contract.says
        more = ("notice_given_on", "suspended_reason_for_supplier", "ended_reason_for_supplier")
        return cls(
            **{name: getattr(contract, name) for name in (*ContractHeaderForSupplier.model_fields, *more)},
            content=content.for_supplier(),
            versions=[ContractVersionForSupplier.model_validate(one) for one in versions],
            notice_deadline=notice_deadline(content),
        )


class ContractOut(ContractHeader):
    """A contract."""

    model_config = ConfigDict(json_schema_extra={"examples": [SHOWN]})

    content: ContractContent
    versions: list[ContractVersionOut]
    signers: list[str] = Field(description="Who has signed it: it takes two who wrote none of it")
    amendment: ContractContent | None = Field(description="What somebody proposes that it says next")
    amendment_why: str | None
    amendment_signers: list[str] = Field(description="Who has signed that")
    returned_reason: str | None = Field(description="Why it, or an amendment, was not signed last")
    notice_deadline: date | None = Field(
        description="The last day for notice; null: it does not go on by itself"
    )
    notice_given_on: date | None
    notice_by_supplier: bool | None
    suspended_reason: str | None
    suspended_reason_for_supplier: str | None
    ended_reason: str | None
    ended_reason_for_supplier: str | None
    allowed_actions: list[ContractMove] = Field(description="What its status allows")

    @classmethod
    def shown(cls, contract: Contract, versions: Sequence[ContractVersion]) -> Self:
        """Return a contract as we are shown it."""
        content = contract.says
        apart = {"content", "versions", "amendment", "notice_deadline", "allowed_actions"}
        return cls(
            **{name: getattr(contract, name) for name in cls.model_fields if name not in apart},
            content=content,
            versions=[ContractVersionOut.model_validate(one) for one in versions],
            amendment=contract.proposed,
            notice_deadline=notice_deadline(content),
            allowed_actions=list(allowed_moves(contract.stands)),
        )
