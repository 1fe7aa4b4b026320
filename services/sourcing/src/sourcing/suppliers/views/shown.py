"""What answers show of suppliers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Points
from sourcing.suppliers.model import CategoryApproval, Supplier, SupplierBlock
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.rules.likeness import likeness
from sourcing.suppliers.rules.qualification import Move, Status, in_force
from sourcing.suppliers.store.rows import SupplierInBrief
from sourcing.suppliers.views.stated import DETAILS, Contact, SupplierSite

ID = "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"
OWNER = "Who of us answers for it; null: nobody"
TAGS = "How it is grouped, each tag in its one form"


class IdentifierOut(BaseModel):
    """A number by which others know the supplier, in its one form."""

    scheme: str
    value: str


class ApprovalForSupplier(BaseModel):
    """A category that the supplier was approved for, as it is told."""

    category: str
    expires_on: date | None = Field(description="The last day; null: without end, as imported")
    in_force: bool = Field(description="Whether it has not expired; a suspension is shown by the status")


class ApprovalOut(ApprovalForSupplier):
    """A category that the supplier was approved for."""

    approved_by: str
    approved_at: datetime
    exception_reason: str | None = Field(
        default=None, description="Why it was approved without qualification; null: it needed no exception"
    )


class BlockForSupplier(BaseModel):
    """What keeps from ordering from the supplier, as it is told."""

    categories: list[str] | None = Field(description="Which are not ordered meanwhile; null: none is")
    reason_for_supplier: str | None = Field(description="What the supplier is told of why")
    blocked_at: datetime


class BlockOut(BlockForSupplier):
    """What keeps from ordering from the supplier, whatever its status and its approvals."""

    cause: BlockCause
    reference: UUID = Field(description="What it comes from: the hit, the document, the case")
    reason: str
    blocked_by: str


class ScoreOut(BaseModel):
    """What supplier performance says of it."""

    score: Points | None = Field(description="0 to 100; null: too little was due to tell")
    grade: str | None
    as_of: date
    consequence: str | None = Field(
        default=None, description="What follows of the grade: none, warn, no_new_tenders or no_new_orders"
    )


class IdentityOut(BaseModel):
    """Who the supplier was when it was approved, while a change of that is to be confirmed by another."""

    legal_name: str
    country: str | None
    identifiers: list[IdentifierOut]
    parent_id: UUID | None = Field(default=None, description="The company that it belonged to; null: none")
    changed_by: list[str] = Field(description="Who does not confirm the change")


class PossibleDuplicate(BaseModel):
    """Another supplier that may be the same one; it is for people to find out."""

    id: UUID
    number: str
    legal_name: str
    status: Status
    reason: str = Field(
        description="same_name: but for case, accents and punctuation; looks_alike: with characters that are "
        "taken for each other, such as a Cyrillic A; other_legal_form, other_order, spelt_alike: of the same "
        "country, with another legal form, the same words in another order, a letter or two otherwise",
        examples=["same_name"],
    )


class SameSupplier(BaseModel):
    """A supplier that this one goes on as, or that goes on as this one."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    legal_name: str


class OpenReview(BaseModel):
    """The review that waits for a decision."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    opened_at: datetime
    score: Points
    grade: str


FOR_SUPPLIER: dict[str, Any] = DETAILS | {
    "id": ID,
    "number": "S-000042",
    "status": "approved",
    "status_reason_for_supplier": None,
    "approvals": [{"category": "fasteners", "expires_on": "2027-12-31", "in_force": True}],
    "blocks": [],
    "score": {"score": "87.5", "grade": "B", "as_of": "2026-11-20"},
    "registered_on": "2026-03-01",
}
LISTED_FOR_SUPPLIER: dict[str, Any] = {
    "id": ID,
    "number": "S-000042",
    "legal_name": "Muster Schrauben GmbH",
    "country": "DE",
    "categories": ["fasteners"],
    "approved_for": ["fasteners"],
    "status": "approved",
    "score": "87.5",
    "grade": "B",
}


class SupplierForSupplier(BaseModel):
    """A supplier as it sees itself; what is added here, suppliers learn."""

    model_config = ConfigDict(json_schema_extra={"examples": [FOR_SUPPLIER]})

    id: UUID
    number: str
    legal_name: str
    country: str | None = Field(description="Null only where an import did not know it")
    identifiers: list[IdentifierOut]
    contacts: list[Contact]
    categories: list[str] = Field(description="What it offers")
    sites: list[SupplierSite]
    status: Status
    status_reason_for_supplier: str | None = Field(description="What the supplier is told of why")
    approvals: list[ApprovalForSupplier]
    blocks: list[BlockForSupplier] = Field(description="What keeps from ordering from it meanwhile")
    score: ScoreOut | None
    registered_on: date


class SupplierOut(BaseModel):
    """A supplier."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                FOR_SUPPLIER
                | {
                    "status_reason": None,
                    "approvals": [
                        {
                            "category": "fasteners",
                            "expires_on": "2027-12-31",
                            "in_force": True,
                            "approved_by": "carla",
                            "approved_at": "2026-03-02T09:30:00Z",
                        }
                    ],
                    "unconfirmed": None,
                    "open_review": None,
                    "possible_duplicates": [],
                    "merged_into": None,
                    "merged_from": [],
                    "external_reference": "V-10042",
                    "source_system": "main",
                    "imported": False,
                    "owner": "bea",
                    "tags": ["key account"],
                    "registered_by": "bob",
                    "registered_at": "2026-03-01T08:00:00Z",
                    "allowed_actions": ["approve", "suspend", "terminate", "merge"],
                }
            ]
        }
    )

    id: UUID
    number: str
    legal_name: str
    country: str | None = Field(description="Null only where an import did not know it")
    identifiers: list[IdentifierOut]
    contacts: list[Contact]
    categories: list[str] = Field(description="What it offers")
    sites: list[SupplierSite]
    status: Status
    status_reason: str | None = Field(description="Why it was rejected, suspended, reinstated or terminated")
    status_reason_for_supplier: str | None = Field(description="What the supplier is told of why")
    approvals: list[ApprovalOut]
    blocks: list[BlockOut] = Field(description="What keeps from ordering from it meanwhile")
    score: ScoreOut | None
    unconfirmed: IdentityOut | None = Field(
        description="Who it was when it was approved, where that was changed and nobody else has confirmed it"
    )
    open_review: OpenReview | None
    possible_duplicates: list[PossibleDuplicate] = Field(description="Others whose names look like its own")
    merged_into: SameSupplier | None = Field(
        description="Which supplier it is at present; null: it is itself"
    )
    merged_from: list[SameSupplier] = Field(description="Suppliers that were merged into it")
    external_reference: str | None
    source_system: str = Field(description="The system that its `external_reference` belongs to")
    imported: bool
    owner: str | None = Field(description=OWNER)
    tags: list[str] = Field(description=TAGS)
    registered_by: str
    registered_at: datetime
    registered_on: date
    allowed_actions: list[Move] = Field(description="What may be done to it now: `POST …:<action>`")


class SupplierListedForSupplier(BaseModel):
    """A supplier in a list, as it sees itself; what is added here, suppliers learn."""

    model_config = ConfigDict(json_schema_extra={"examples": [LISTED_FOR_SUPPLIER]})

    id: UUID
    number: str
    legal_name: str
    country: str | None
    categories: list[str]
    approved_for: list[str] = Field(description="Categories whose approval has not expired")
    status: Status
    score: Points | None
    grade: str | None


class SupplierListed(SupplierListedForSupplier):
    """A supplier in a list."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                LISTED_FOR_SUPPLIER
                | {
                    "external_reference": "V-10042",
                    "source_system": "main",
                    "owner": "bea",
                    "tags": ["key account"],
                }
            ]
        }
    )

    external_reference: str | None
    source_system: str
    owner: str | None = Field(description=OWNER)
    tags: list[str] = Field(description=TAGS)


@dataclass(frozen=True, slots=True)
class Resembling:
    """Which others a supplier may be because they are called alike: why, and which ones it is not."""

    open: Mapping[UUID, str]
    different: frozenset[UUID]


def possible_duplicates(
    supplier: Supplier,
    alike: Sequence[SupplierInBrief],
    resembling: Resembling,
    brief: Mapping[UUID, SupplierInBrief],
) -> list[tuple[SupplierInBrief, str]]:
    """Return whom a supplier may be one with, and why, without those that somebody has found it is not."""
    found = {
        other.id: (other, likeness(supplier.legal_name, other.legal_name).value)
        for other in alike
        if other.id not in resembling.different
    }
    more = {other_id: (brief[other_id], reason) for other_id, reason in resembling.open.items()}
    together = more | found
    return [together[other_id] for other_id in sorted(together)]


@dataclass(frozen=True, slots=True)
class Around:
    """What is shown of others beside a supplier."""

    open_review: OpenReview | None
    alike: Sequence[tuple[SupplierInBrief, str]]
    """Those that it may be one with, and why."""
    merged_into: SupplierInBrief | None
    merged_from: Sequence[SupplierInBrief]


def shown(supplier: Supplier, around: Around, today: date) -> SupplierOut:
    """Return a supplier as it is read, with what there is around it."""
    return SupplierOut(
        **_details(supplier),
        status_reason=supplier.status_reason,
        approvals=approvals_of(supplier, today),
        blocks=blocks_of(supplier),
        unconfirmed=None
        if supplier.approved_identity is None
        else IdentityOut(**supplier.approved_identity, changed_by=supplier.unconfirmed_by),
        open_review=around.open_review,
        possible_duplicates=[
            PossibleDuplicate(
                id=other.id,
                number=other.number,
                legal_name=other.legal_name,
                status=other.status,
                reason=reason,
            )
            for other, reason in around.alike
        ],
        merged_into=None if around.merged_into is None else SameSupplier.model_validate(around.merged_into),
        merged_from=[SameSupplier.model_validate(other) for other in around.merged_from],
        external_reference=supplier.external_reference,
        source_system=supplier.source_system,
        imported=supplier.imported,
        owner=supplier.owner,
        tags=supplier.tags,
        registered_by=supplier.registered_by,
        registered_at=supplier.registered_at,
        allowed_actions=list(supplier.allowed_actions),
    )


def approvals_of(supplier: Supplier, today: date) -> list[ApprovalOut]:
    """Return what a supplier was approved for, as our own people are shown it."""
    return [
        ApprovalOut(
            **_approval(approval, today),
            approved_by=approval.approved_by,
            approved_at=approval.approved_at,
            exception_reason=approval.exception_reason,
        )
        for approval in _by_category(supplier)
    ]


def blocks_of(supplier: Supplier) -> list[BlockOut]:
    """Return what keeps from ordering from a supplier, as our own people are shown it."""
    return [
        BlockOut(
            **_block(block),
            cause=BlockCause(block.cause),
            reference=block.reference,
            reason=block.reason,
            blocked_by=block.blocked_by,
        )
        for block in supplier.blocks
    ]


def score_of(supplier: Supplier) -> ScoreOut | None:
    """Return the last score of a supplier, if it has one."""
    if supplier.scored_on is None:
        return None
    return ScoreOut(
        score=supplier.score,
        grade=supplier.grade,
        as_of=supplier.scored_on,
        consequence=supplier.consequence,
    )


def shown_to_supplier(supplier: Supplier, today: date) -> SupplierForSupplier:
    """Return a supplier as it sees itself."""
    approvals = [ApprovalForSupplier(**_approval(approval, today)) for approval in _by_category(supplier)]
    blocks = [BlockForSupplier(**_block(block)) for block in supplier.blocks]
    return SupplierForSupplier(**_details(supplier), approvals=approvals, blocks=blocks)


def listed_to_us(supplier: Supplier, today: date) -> SupplierListed:
    """Return a supplier as a list shows it."""
    return SupplierListed(
        **_in_brief(supplier, today),
        external_reference=supplier.external_reference,
        source_system=supplier.source_system,
        owner=supplier.owner,
        tags=supplier.tags,
    )


def listed_to_supplier(supplier: Supplier, today: date) -> SupplierListedForSupplier:
    """Return a supplier as a list shows it to itself."""
    return SupplierListedForSupplier(**_in_brief(supplier, today))


def _details(supplier: Supplier) -> dict[str, Any]:
    """Return what everybody sees; what was taken once is shown, whatever is asked of it today."""
    return {
        "id": supplier.id,
        "number": supplier.display_number,
        "legal_name": supplier.legal_name,
        "country": supplier.country,
        "identifiers": [IdentifierOut(scheme=i.scheme, value=i.value) for i in supplier.identifiers],
        "contacts": [Contact.model_construct(**contact) for contact in supplier.contacts],
        "categories": supplier.categories,
        "sites": [SupplierSite.model_construct(**site) for site in supplier.sites],
        "status": supplier.status,
        "status_reason_for_supplier": supplier.status_reason_for_supplier,
        "score": score_of(supplier),
        "registered_on": supplier.registered_on,
    }


def _approval(approval: CategoryApproval, today: date) -> dict[str, Any]:
    return {
        "category": approval.category,
        "expires_on": approval.expires_on,
        "in_force": in_force(approval.expires_on, today),
    }


def _block(block: SupplierBlock) -> dict[str, Any]:
    return {
        "categories": block.categories,
        "reason_for_supplier": block.reason_for_supplier,
        "blocked_at": block.blocked_at,
    }


def _by_category(supplier: Supplier) -> list[CategoryApproval]:
    return sorted(supplier.approvals, key=lambda approval: approval.category)


def _in_brief(supplier: Supplier, today: date) -> dict[str, Any]:
    return {
        "id": supplier.id,
        "number": supplier.display_number,
        "legal_name": supplier.legal_name,
        "country": supplier.country,
        "categories": supplier.categories,
        "approved_for": [approval.category for approval in supplier.approvals_in_force(today)],
        "status": supplier.status,
        "score": supplier.score,
        "grade": supplier.grade,
    }
