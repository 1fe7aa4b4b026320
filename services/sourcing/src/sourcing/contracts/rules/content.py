"""What a contract says: its kind and term, its price list, its ceilings, terms and obligations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.money import CurrencyCode
from purveyor.texts import Code, ItemCode, Line, Name, Prose, Reference

MOST_PRICES, MOST_TIERS, MOST_TIERS_IN_ALL, MOST_AFFILIATES, MOST_OBLIGATIONS = 1_000, 20, 4_000, 50, 200

PRICE: dict[str, Any] = {
    "number": 1,
    "category": "fasteners",
    "item": "M8-A2",
    "description": "Hex bolt M8 x 40, A2-70",
    "site": None,
    "unit": "C62",
    "price_base_quantity": "100",
    "list_price": None,
    "tiers": [
        {"from_quantity": "0", "below": "5000", "price": "12.40", "discount_percent": None},
        {"from_quantity": "5000", "below": None, "price": "11.80", "discount_percent": None},
    ],
    "pack_quantity": "100",
    "least_quantity": "500",
    "most_quantity": "200000",
    "valid_from": None,
    "valid_to": None,
}
OBLIGATION: dict[str, Any] = {
    "number": 1,
    "what": "Keep four weeks of demand in stock",
    "by_supplier": True,
    "owner": "carla",
    "due_on": "2027-02-01",
}
OBLIGATION_FOR_SUPPLIER = {name: OBLIGATION[name] for name in OBLIGATION if name != "owner"}
CONTENT: dict[str, Any] = {
    "title": "Fasteners 2027",
    "kind": "framework",
    "currency": "EUR",
    "starts_on": "2026-12-01",
    "ends_on": "2027-11-30",
    "renewal": {"kind": "automatic", "months": 12, "notice_days": 90, "until": "2029-11-30"},
    "affiliates": [],
    "ceiling_value": "250000.00",
    "prices": [PRICE],
    "terms": {
        "payment_terms": "30N-2-10",
        "incoterm": "DAP",
        "delivery_place": "Augsburg, gate 3",
        "lead_time_days": 14,
    },
    "obligations": [OBLIGATION],
}
CONTENT_FOR_SUPPLIER: dict[str, Any] = CONTENT | {"obligations": [OBLIGATION_FOR_SUPPLIER]}

Quantity = Annotated[
    Decimal, Field(gt=0, max_digits=18, decimal_places=6, examples=["1000"]), SHORTEST, AS_WRITTEN
]
FromQuantity = Annotated[
    Decimal, Field(ge=0, max_digits=18, decimal_places=6, examples=["5000"]), SHORTEST, AS_WRITTEN
]
Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6, examples=["12.40"]), AS_WRITTEN]
Discount = Annotated[
    Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4, examples=["15"]), SHORTEST, AS_WRITTEN
]
Value = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4, examples=["250000.00"]), AS_WRITTEN]


class ContractKind(StrEnum):
    """What is agreed: prices alone, so much of something, so much money, a service, a whole task."""

    FRAMEWORK = "framework"
    FIXED_QUANTITY = "fixed_quantity"
    FIXED_VALUE = "fixed_value"
    SERVICE = "service"
    OUTSOURCING = "outsourcing"


class RenewalKind(StrEnum):
    """What becomes of a contract at its end: it ends, or goes on unless somebody gives notice."""

    NONE = "none"
    AUTOMATIC = "automatic"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContractRenewal(_Part):
    """Whether a contract goes on by itself."""

    kind: RenewalKind = RenewalKind.NONE
    months: int | None = Field(default=None, ge=1, le=120, description="By how much it goes on, each time")
    notice_days: int | None = Field(
        default=None, ge=0, le=730, description="How many days before its end either side can still say no"
    )
    until: Day | None = Field(default=None, description="It goes on no further than to this day")


class PriceTier(_Part):
    """What a quantity costs, all of it, when it lies in a range: a price, or a discount off the list's."""

    from_quantity: FromQuantity = Field(description="The least that it is of")
    below: Quantity | None = Field(default=None, description="Less than this; null: any more")
    price: Price | None = Field(default=None, description="Per `price_base_quantity` units")
    discount_percent: Discount | None = Field(default=None, description="Instead of it: off `list_price`")


class ContractPrice(_Part):
    """A line of the price list: of an item, or of all of a category that no line names the item of."""

    number: int = Field(ge=1, le=99_999, description="Of the line, which orders name")
    category: Code
    item: ItemCode | None = Field(default=None, description="Null: of whatever is of the category")
    description: Line | None = None
    site: Code | None = Field(default=None, description="Where it is delivered; null: anywhere")
    unit: Code = Field(description="UN/ECE Recommendation 20 code")
    price_base_quantity: Quantity = Decimal(1)
    list_price: Price | None = Field(default=None, description="What discounts are off")
    tiers: list[PriceTier] = Field(min_length=1, max_length=MOST_TIERS)
    pack_quantity: Quantity | None = Field(default=None, description="Sold in whole ones of so many")
    least_quantity: Quantity | None = Field(default=None, description="Below which nothing is sold")
    most_quantity: Quantity | None = Field(
        default=None, description="Ceiling: how much may be ordered in all"
    )
    valid_from: Day | None = Field(default=None, description="Null: as long as the contract runs")
    valid_to: Day | None = Field(default=None, description="Null: as long as the contract runs")


class ContractTerms(_Part):
    """On what terms is delivered."""

    payment_terms: Code | None = Field(default=None, description="Their code, as orders name it")
    incoterm: Code | None = Field(default=None, description="The rule of Incoterms 2020")
    delivery_place: Line | None = None
    lead_time_days: int | None = Field(default=None, ge=0, le=1_000)


class ContractObligationForSupplier(_Part):
    """What one side has to do, as the supplier is shown it."""

    number: int = Field(ge=1, le=9_999)
    what: Prose
    by_supplier: bool = Field(description="Whether it is the supplier's, or ours")
    due_on: Day


class ContractObligation(ContractObligationForSupplier):
    """What one side has to do, who of ours looks after it, and by when."""

    owner: Reference = Field(description="Who of ours: the `sub` of their tokens")


class _Said(_Part):
    title: Name
    kind: ContractKind
    currency: CurrencyCode
    starts_on: Day
    ends_on: Day = Field(description="Its last day")
    renewal: ContractRenewal = ContractRenewal()
    affiliates: list[UUID] = Field(
        default=[], max_length=MOST_AFFILIATES, description="Companies of its group that deliver on it too"
    )
    ceiling_value: Value | None = Field(default=None, description="What may be ordered in all, without tax")
    prices: list[ContractPrice] = Field(min_length=1, max_length=MOST_PRICES)
    terms: ContractTerms = ContractTerms()

    @property
    def categories(self) -> list[str]:
        """What it is about, each once."""
        return sorted({price.category for price in self.prices})


class ContractContentForSupplier(_Said):
    """What a contract says, as the supplier is shown it."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTENT_FOR_SUPPLIER]})

    obligations: list[ContractObligationForSupplier] = Field(default=[], max_length=MOST_OBLIGATIONS)


class ContractContent(_Said):
    """What a contract says."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTENT]})

    obligations: list[ContractObligation] = Field(default=[], max_length=MOST_OBLIGATIONS)

    def for_supplier(self) -> ContractContentForSupplier:
        """Return it without who of ours looks after what."""
        shown = {name: getattr(self, name) for name in _Said.model_fields}
        kept = ContractObligationForSupplier.model_fields
        obligations = [
            ContractObligationForSupplier(**{name: getattr(one, name) for name in kept})
            for one in self.obligations
        ]
        return ContractContentForSupplier(**shown, obligations=obligations)

    def ending(self, on: date) -> Self:
        """Return it with another end."""
        return self.model_copy(update={"ends_on": on})
