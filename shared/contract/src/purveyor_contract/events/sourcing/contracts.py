"""Events of sourcing. Stream `sourcing.contracts`, keyed by contract: what is agreed with suppliers.

Prices, ceilings and terms are in them, so that who buys by a contract need not ask.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_contract.events.sourcing.suppliers import FOR_SUPPLIER, REASON
from purveyor_messaging.audience import Told, tells
from purveyor_messaging.envelope import Event, Restated

OF_CONTRACT = ("contract_id", "number", "supplier_id")
OF_VERSION = (
    *OF_CONTRACT,
    "edition",
    "kind",
    "title",
    "currency",
    "starts_on",
    "ends_on",
    "ceiling_value",
    "prices",
    "terms",
)


class ContractEvent(Event):
    """Something that happened to a contract."""

    service: ClassVar[str] = "sourcing"
    topic: ClassVar[str] = "sourcing.contracts"
    key_field: ClassVar[str] = "contract_id"

    contract_id: UUID


class NumberedContractEvent(ContractEvent):
    """Something that happened to a contract, with the number that people call it by and its parties."""

    number: str = Field(description="What people call it by", examples=["C-000042"])
    supplier_id: UUID = Field(description="With whom it was agreed")
    parties: tuple[UUID, ...] = Field(
        description="Who delivers on it: the supplier, and companies of its group"
    )


class ContractedTier(BaseModel):
    """What a quantity costs, all of it, when it lies in a range."""

    model_config = ConfigDict(frozen=True)

    from_quantity: Decimal = Field(description="The least that it is of", examples=["5000"])
    below: Decimal | None = Field(description="Less than this; null: any more", examples=["10000"])
    price: Decimal = Field(description="Per `price_base_quantity` units", examples=["11.80"])
    discount_percent: Decimal | None = Field(
        default=None,
        description="By which it lies under `list_price`, where it was agreed so",
        examples=["15"],
    )


class ContractedPrice(BaseModel):
    """A line of a price list: of an item, or of whatever is of a category."""

    model_config = ConfigDict(frozen=True)

    number: int = Field(description="Of the line, which orders name", examples=[1])
    category: str = Field(examples=["fasteners"])
    item: str | None = Field(description="Null: of whatever is of the category", examples=["M8-A2"])
    description: str | None = Field(default=None, examples=["Hex bolt M8 x 40, A2-70"])
    site: str | None = Field(description="Where it is delivered; null: anywhere", examples=["AUG1"])
    unit: str = Field(description="UN/ECE Recommendation 20", examples=["C62"])
    price_base_quantity: Decimal = Field(examples=["100"])
    list_price: Decimal | None = Field(default=None, description="What discounts are off", examples=["14.50"])
    tiers: tuple[ContractedTier, ...] = Field(description="Without holes, the least quantity first")
    pack_quantity: Decimal | None = Field(description="Sold in whole ones of so many", examples=["100"])
    least_quantity: Decimal | None = Field(description="Below which nothing is sold", examples=["500"])
    most_quantity: Decimal | None = Field(
        description="How much may be ordered in all, where that is limited", examples=["200000"]
    )
    valid_from: date
    valid_to: date = Field(description="The last day")


class ContractedTerms(BaseModel):
    """On what terms is delivered."""

    model_config = ConfigDict(frozen=True)

    payment_terms: str | None = Field(default=None, examples=["30N-2-10"])
    incoterm: str | None = Field(default=None, examples=["DAP"])
    delivery_place: str | None = Field(default=None, examples=["Augsburg, gate 3"])
    lead_time_days: int | None = Field(default=None, examples=[14])


class ContractVersionEvent(NumberedContractEvent):
    """What a contract says from a version on."""

    edition: int = Field(description="1, and one more by each amendment or renewal", examples=[1])
    award_id: UUID | None = Field(default=None, description="The award that it came of; null: none")
    kind: str = Field(
        description="`framework`, `fixed_quantity`, `fixed_value`, `service` or `outsourcing`; readers "
        "expect others",
        examples=["framework"],
    )
    title: str = Field(examples=["Fasteners 2027"])
    currency: str = Field(description="ISO 4217", examples=["EUR"])
    starts_on: date
    ends_on: date = Field(description="Its last day")
    ceiling_value: Decimal | None = Field(
        description="What may be ordered in all, without tax, where that is limited", examples=["250000.00"]
    )
    prices: tuple[ContractedPrice, ...]
    terms: ContractedTerms


class ContractActivated(ContractVersionEvent):
    """From now on is bought by a contract; two people signed it who wrote none of it."""

    to_supplier: ClassVar[Told] = tells(*OF_VERSION)

    signed_by: tuple[str, ...] = Field(examples=[["carla", "ava"]])


class ContractAmended(ContractVersionEvent):
    """A contract says something else from a day on; what was ordered before stays as it was ordered."""

    to_supplier: ClassVar[Told] = tells(*OF_VERSION, "in_force_from", "why")

    in_force_from: date = Field(description="The first day of orders that are bought by this version")
    why: str = Field(examples=["Steel is dearer"])
    signed_by: tuple[str, ...] = Field(examples=[["carla", "ava"]])


class ContractRenewed(ContractVersionEvent):
    """A contract goes on for longer, as it is."""

    to_supplier: ClassVar[Told] = tells(*OF_VERSION, "in_force_from", "previous_ends_on", "automatic")

    in_force_from: date = Field(description="The first day of orders that are bought by this version")
    previous_ends_on: date = Field(description="When it was to end until now")
    automatic: bool = Field(description="Whether it did so by itself, since nobody gave notice")


class ContractNoticeGiven(NumberedContractEvent):
    """A contract will end at its end, which would have gone on by itself."""

    to_supplier: ClassVar[Told] = tells(*OF_CONTRACT, "ends_on", "given_on", "by_supplier")

    ends_on: date
    given_on: date
    by_supplier: bool = Field(description="Whether the supplier said so, or we did")
    reason: str = Field(examples=["The volume moves to another plant"])
    noted_by: str = Field(examples=["carla"])


class ContractExpiring(NumberedContractEvent):
    """A contract ends soon, or the last day comes on which somebody can say that it does not go on."""

    to_supplier: ClassVar[Told] = tells(
        *OF_CONTRACT, "ends_on", "days_left", "notice_deadline", "renewed_until"
    )

    ends_on: date
    days_left: int = Field(description="Days from the day that this is of to its last one", examples=[60])
    notice_deadline: date | None = Field(description="The last day for notice; null: it ends anyway")
    renewed_until: date | None = Field(description="Until when it goes on if nobody gives notice")
    stage: int = Field(
        description="Which reminder this is, in days before the end or the last day for notice", examples=[60]
    )


class ContractExpired(NumberedContractEvent):
    """A contract has ended at its end."""

    to_supplier: ClassVar[Told] = tells(*OF_CONTRACT, "ended_on")

    ended_on: date = Field(description="Its last day")


class ContractSuspended(NumberedContractEvent):
    """Nothing is bought by a contract until it is resumed."""

    to_supplier: ClassVar[Told] = tells(*OF_CONTRACT, "reason_for_supplier")

    reason: str = Field(description=REASON, examples=["An audit is due"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    suspended_by: str = Field(examples=["carla"])


class ContractResumed(NumberedContractEvent):
    """A suspended contract is bought by again."""

    to_supplier: ClassVar[Told] = tells(*OF_CONTRACT)

    reason: str = Field(examples=["The audit found nothing"])
    resumed_by: str = Field(examples=["carla"])


class ContractTerminated(NumberedContractEvent):
    """A contract ended before its end: nothing is bought by it from that day on."""

    to_supplier: ClassVar[Told] = tells(*OF_CONTRACT, "ended_on", "reason_for_supplier")

    ended_on: date = Field(description="From when on nothing is ordered by it")
    reason: str = Field(description=REASON, examples=["Quality fell for good"])
    reason_for_supplier: str | None = FOR_SUPPLIER
    terminated_by: str = Field(examples=["carla"])


class ContractRestated(Restated, ContractEvent):
    """A contract's stream was told again after sourcing lost events; only the events in here hold."""
