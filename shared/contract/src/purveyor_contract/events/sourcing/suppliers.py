"""Events of sourcing. Stream `sourcing.suppliers`, keyed by supplier."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Points
from purveyor_messaging.audience import RESTATED, Told, tells
from purveyor_messaging.envelope import Event, Restated


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SupplierIdentifier(_Part):
    """A number by which others know the supplier."""

    scheme: str = Field(description="VAT, LEI, GLN, DUNS or another register", examples=["LEI"])
    value: str = Field(examples=["529900T8BM49AURSDO55"])


class SupplierIdentity(_Part):
    """Who a supplier is: what an approval of it vouches for."""

    legal_name: str = Field(examples=["Nordwind Verbindungstechnik GmbH"])
    country: str | None = Field(description="ISO 3166-1 alpha-2", examples=["DE"])
    identifiers: tuple[SupplierIdentifier, ...] = ()
    parent_id: UUID | None = Field(
        default=None, description="The supplier that owns it; null: none that we know"
    )


class CategoryApproval(_Part):
    """A category that the supplier may be ordered from, and until when (inclusive)."""

    category: str = Field(examples=["fasteners"])
    expires_on: date | None = Field(description="The last day of the approval; null when it has no end")


DETAILS = ("supplier_id", "legal_name", "country", "categories")
NUMBERS = ("scheme", "value")
APPROVAL = ("category", "expires_on")
"""What a supplier is told: of its details, of each identifier, of each approval."""

REASON = "For our own people: no supplier is shown it"
FOR_SUPPLIER: Any = Field(
    default=None,
    description="What the supplier is told of why; null: nothing",
    examples=["your certificate ISO 9001 ended"],
)


class SupplierEvent(Event):
    """Something that happened to a supplier."""

    service: ClassVar[str] = "sourcing"
    topic: ClassVar[str] = "sourcing.suppliers"
    key_field: ClassVar[str] = "supplier_id"

    supplier_id: UUID


class SupplierRegistered(SupplierEvent):
    """A supplier became known; it may not be ordered from yet."""

    to_supplier: ClassVar[Told] = tells(
        "number", "supplier_id", "legal_name", "country", "categories", identifiers=("scheme", "value")
    )

    number: str = Field(description="The supplier's number for people", examples=["S-000042"])
    legal_name: str = Field(examples=["Nordwind Verbindungstechnik GmbH"])
    country: str | None = Field(
        description="ISO 3166-1 alpha-2; null when an import did not know it", examples=["DE"]
    )
    identifiers: tuple[SupplierIdentifier, ...] = ()
    categories: tuple[str, ...] = Field(
        default=(), description="What it offers, not what it is approved for", examples=[["fasteners"]]
    )
    registered_by: str = Field(
        description="Who onboarded it; that person may not approve orders to it", examples=["cara.category"]
    )
    authors: tuple[str, ...] = Field(
        default=(),
        description="Who wrote it, who onboarded it among them: of an import who proposed it, too."
        " None of them may approve orders to it",
        examples=[["cara.category"]],
    )
    external_reference: str | None = Field(
        default=None, description="Its key in the system it came from", examples=["V-20117"]
    )
    source_system: str = Field(
        default="main", description="The system that `external_reference` belongs to", examples=["main"]
    )
    imported: bool = Field(
        default=False,
        description="Whether it was imported, so that orders of the past may name it by that key",
    )


class SupplierDetailsChanged(SupplierEvent):
    """A supplier's master data changed; carries all of it, as it is now."""

    to_supplier: ClassVar[Told] = tells(
        "supplier_id", "legal_name", "country", "categories", identifiers=("scheme", "value")
    )

    legal_name: str = Field(examples=["Nordwind Verbindungstechnik GmbH"])
    country: str | None = Field(description="ISO 3166-1 alpha-2", examples=["DE"])
    identifiers: tuple[SupplierIdentifier, ...] = ()
    categories: tuple[str, ...] = Field(default=(), examples=[["fasteners", "springs"]])
    changed_by: str = Field(examples=["cara.category"])
    identity_changed: bool | None = Field(
        default=None,
        description="Whether who it is became other than any approval vouches for; who did that may not"
        " approve orders to it. Null: not told, so it may be",
    )


class SupplierIdentityChanged(SupplierEvent):
    """Who an approved supplier is was changed by one person, and another has yet to confirm that.

    `SupplierDetailsChanged` comes before it. Unless the supplier is suspended already, `SupplierSuspended`
    follows, and `SupplierReinstated` once it is confirmed or reverted: who knows those two knows enough.
    """

    changed: tuple[str, ...] = Field(
        description="`legal_name`, `country`, `parent`, and schemes of numbers",
        examples=[["legal_name", "VAT"]],
    )
    approved: SupplierIdentity = Field(description="As it was approved")
    now: SupplierIdentity
    changed_by: str = Field(description="Who may not approve orders to it", examples=["cara.category"])


class SupplierIdentityConfirmed(SupplierEvent):
    """Somebody who had not changed it confirmed who the supplier is."""

    confirmed_by: str = Field(examples=["carl.category"])


class SupplierIdentityReverted(SupplierEvent):
    """The supplier is again who it was when it was approved; `SupplierDetailsChanged` before it says so."""

    reason: str = Field(description=REASON, examples=["the register knows no such company"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    reverted_by: str = Field(examples=["carl.category"])


class SupplierApproved(SupplierEvent):
    """A supplier may be ordered from; carries every approval in force, not only the new ones."""

    to_supplier: ClassVar[Told] = tells("supplier_id", approvals=APPROVAL)

    approvals: tuple[CategoryApproval, ...]
    approved_by: str = Field(examples=["carl.category"])


class SupplierRejected(SupplierEvent):
    """A supplier did not qualify."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "reason_for_supplier")

    reason: str = Field(description=REASON, examples=["no quality management system"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    rejected_by: str = Field(examples=["carl.category"])


class SupplierSuspended(SupplierEvent):
    """No new orders may be issued to the supplier until it is reinstated."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "reason_for_supplier")

    reason: str = Field(description=REASON, examples=["three late deliveries in a row"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    suspended_by: str = Field(examples=["carl.category"])


class SupplierReinstated(SupplierEvent):
    """A suspended supplier may be ordered from again, for these approvals."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "reason_for_supplier", approvals=APPROVAL)

    approvals: tuple[CategoryApproval, ...]
    reason: str = Field(description=REASON, examples=["the corrective action worked"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    reinstated_by: str = Field(examples=["carl.category"])


class SupplierTerminated(SupplierEvent):
    """The relation ended for good."""

    to_supplier: ClassVar[Told] = tells("supplier_id", "reason_for_supplier")

    reason: str = Field(description=REASON, examples=["ceased trading"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    terminated_by: str = Field(examples=["carl.category"])


class SupplierReviewOpened(SupplierEvent):
    """A supplier's score fell below the threshold; a category manager has to decide."""

    review_id: UUID
    score: Points = Field(examples=["54.2"])
    grade: str = Field(examples=["D"])
    threshold: Decimal = Field(examples=["60"])
    threshold_version: int | None = Field(
        default=None, description="Of the policy `review-threshold`, from which it is", examples=[0]
    )


class SupplierReviewDecided(SupplierEvent):
    """A category manager decided a review."""

    review_id: UUID
    decision: Literal["continue", "suspend", "terminate"]
    reason: str = Field(description=REASON, examples=["no plan to recover"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    decided_by: str = Field(examples=["carl.category"])


class SupplierRestated(Restated, SupplierEvent):
    """A supplier's stream was told again after sourcing lost events; only the events in here hold."""

    to_supplier: ClassVar[Told] = tells("supplier_id", *RESTATED)
