"""What suppliers propose, as answers show it to them and to us."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.countries import Country
from sourcing.onboarding.model import ProposedField, SupplierChange
from sourcing.onboarding.rules.changes import ChangeStatus, Decision
from sourcing.onboarding.rules.changes import Field as ChangedField
from sourcing.onboarding.views.stated import STATED
from sourcing.suppliers.views.shown import ID, IdentifierOut
from sourcing.suppliers.views.stated import DETAILS, Contact, SupplierSite

FIELD: dict[str, Any] = {"field": "contacts", "decision": "taken", "reason_for_supplier": None}
FIELD_OF_OURS: dict[str, Any] = FIELD | {
    "reason": "Erika is known to us",
    "decided_by": "bob",
    "decided_at": "2026-11-23T08:00:00Z",
}
CHANGE: dict[str, Any] = {
    "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9c31",
    "supplier_id": ID,
    "status": "proposed",
    "stated": STATED,
    "note": "We merged our two companies.",
    "record": DETAILS,
    "proposed_at": "2026-11-22T16:20:00Z",
    "fields": [FIELD],
}


class DetailsProposed(BaseModel):
    """Details of a supplier, those that are spoken of."""

    legal_name: str | None = None
    country: Country | None = None
    identifiers: list[IdentifierOut] | None = None
    contacts: list[Contact] | None = None
    categories: list[str] | None = None
    sites: list[SupplierSite] | None = None


class ProposedFieldForSupplier(BaseModel):
    """A field that the supplier would have otherwise, as it is told of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [FIELD]})

    field: ChangedField
    decision: Decision | None = Field(description="Null: it waits")
    reason_for_supplier: str | None = Field(description="What the supplier is told of why")


class ProposedFieldOut(ProposedFieldForSupplier):
    """A field that the supplier would have otherwise."""

    model_config = ConfigDict(json_schema_extra={"examples": [FIELD_OF_OURS]})

    reason: str | None
    decided_by: str | None
    decided_at: datetime | None


class SupplierChangeForSupplier(BaseModel):
    """What a supplier would have otherwise, as it sees that itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHANGE]})

    id: UUID
    supplier_id: UUID
    status: ChangeStatus
    stated: DetailsProposed = Field(description="What the record is to say; null: as it is")
    note: str | None
    record: DetailsProposed | None = Field(description="What the record said when this was proposed")
    proposed_at: datetime | None
    fields: list[ProposedFieldForSupplier]


class SupplierChangeOut(BaseModel):
    """What a supplier would have otherwise."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [CHANGE | {"fields": [FIELD_OF_OURS], "authors": ["erika.muster"]}]}
    )

    id: UUID
    supplier_id: UUID
    status: ChangeStatus
    stated: DetailsProposed = Field(description="What the record is to say; null: as it is")
    note: str | None
    record: DetailsProposed | None = Field(description="What the record said when this was proposed")
    proposed_at: datetime | None
    authors: list[str] = Field(description="Who of the supplier's people wrote it")
    fields: list[ProposedFieldOut]


def shown(change: SupplierChange) -> SupplierChangeOut:
    """Return a change as it is read by us."""
    fields = [
        ProposedFieldOut(
            **_told(one), reason=one.reason, decided_by=one.decided_by, decided_at=one.decided_at
        )
        for one in _in_order(change)
    ]
    return SupplierChangeOut(**_content(change), authors=list(change.authors), fields=fields)


def shown_to_supplier(change: SupplierChange) -> SupplierChangeForSupplier:
    """Return a change as its supplier sees it."""
    fields = [ProposedFieldForSupplier(**_told(one)) for one in _in_order(change)]
    return SupplierChangeForSupplier(**_content(change), fields=fields)


def _in_order(change: SupplierChange) -> list[ProposedField]:
    order = list(ChangedField)
    return sorted(change.fields, key=lambda one: order.index(one.field))


def _told(one: ProposedField) -> dict[str, Any]:
    return {"field": one.field, "decision": one.decision, "reason_for_supplier": one.reason_for_supplier}


def _content(change: SupplierChange) -> dict[str, Any]:
    return {
        "id": change.id,
        "supplier_id": change.supplier_id,
        "status": change.status,
        "stated": _details(change.stated),
        "note": change.note,
        "record": None if change.record is None else _details(change.record),
        "proposed_at": change.proposed_at,
    }


def _details(content: dict[str, Any]) -> DetailsProposed:
    """Return details that were checked when they were stated, or taken before any check."""
    parts: dict[str, type[BaseModel]] = {
        "identifiers": IdentifierOut,
        "contacts": Contact,
        "sites": SupplierSite,
    }
    return DetailsProposed.model_construct(
        **content
        | {
            name: [part.model_construct(**one) for one in content[name]]
            for name, part in parts.items()
            if content.get(name) is not None
        }
    )
