"""What an invoice or a credit note says: the business terms of EN 16931-1 (BT-…, BG-…), from any syntax.

A value is as it came: nothing is rounded, corrected or filled in. What is not said is None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Syntax(StrEnum):
    """In which form an invoice came."""

    UBL = "ubl"
    CII = "cii"
    STATED = "stated"
    """By our API or a form."""


@dataclass(frozen=True, slots=True)
class Known:
    """An identifier, and the scheme that it belongs to."""

    value: str
    scheme: str | None = None


@dataclass(frozen=True, slots=True)
class Malformed:
    """A day that is none as EN 16931 writes it, with its term."""

    term: str
    value: str


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when (BG-14, BG-26); either end may be unsaid."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """How something is taxed (BT-95 and 96, 102 and 103, 151 and 152); the rate is in percent."""

    code: str
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance or a charge, of the document (BG-20, BG-21) or of a line (BG-27, BG-28)."""

    is_charge: bool
    amount: Decimal | None = None
    base_amount: Decimal | None = None
    percent: Decimal | None = None
    reason: str | None = None
    reason_code: str | None = None
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The tax on everything that is taxed alike (BG-23)."""

    taxable_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    category: Category | None = None
    exemption_reason: str | None = None
    exemption_code: str | None = None


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What the tax comes to, in one currency (BT-110, or BT-111 in the accounting currency)."""

    amount: Decimal | None
    currency: str | None
    is_broken_down: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Who somebody is: the seller (BG-4), the buyer (BG-7), the payee, the seller's tax representative."""

    name: str | None = None
    """BT-27, BT-44, BT-59, BT-62."""
    trading_name: str | None = None
    identifiers: tuple[Known, ...] = ()
    """BT-29, BT-46, BT-60."""
    legal_id: Known | None = None
    """BT-30, BT-47, BT-61."""
    vat_id: str | None = None
    """BT-31, BT-48, BT-63."""
    tax_id: str | None = None
    """BT-32."""
    endpoint: Known | None = None
    """BT-34, BT-49."""
    has_address: bool = False
    country: str | None = None
    """BT-40, BT-55, BT-69."""


@dataclass(frozen=True, slots=True)
class Preceding:
    """An invoice that this one refers to, such as one that is credited (BG-3)."""

    number: str | None
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Where to pay (BG-17)."""

    number: str | None
    """BT-84."""
    name: str | None = None
    bic: str | None = None
    means: str | None = None
    """BT-81: UNCL4461."""


@dataclass(frozen=True, slots=True)
class Object:
    """What a line is about, by somebody's identifier of it (BT-128), and what kind of reference that is."""

    value: str
    type_code: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an invoice (BG-25)."""

    number: str | None = None
    """BT-126."""
    quantity: Decimal | None = None
    """BT-129."""
    unit: str | None = None
    """BT-130: UN/ECE Recommendation 20."""
    net_amount: Decimal | None = None
    """BT-131."""
    order_number: str | None = None
    """The order of this line, where syntaxes let a line name one (UBL, CII); else BT-13 holds."""
    order_line: str | None = None
    """BT-132."""
    despatch_advice: str | None = None
    period: Period | None = None
    adjustments: tuple[Adjustment, ...] = ()
    price: Decimal | None = None
    """BT-146, per `base_quantity`."""
    discount: Decimal | None = None
    """BT-147."""
    gross_price: Decimal | None = None
    """BT-148."""
    base_quantity: Decimal | None = None
    """BT-149."""
    base_unit: str | None = None
    """BT-150."""
    category: Category | None = None
    name: str | None = None
    """BT-153."""
    description: str | None = None
    """BT-154."""
    sellers_item: str | None = None
    """BT-155."""
    buyers_item: str | None = None
    """BT-156."""
    standard_item: Known | None = None
    """BT-157."""
    origin_country: str | None = None
    """BT-159."""
    objects: tuple[Object, ...] = ()


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice, or a credit note, which says positively what it takes back."""

    syntax: Syntax
    is_credit_note: bool
    number: str | None = None
    """BT-1."""
    issued_on: date | None = None
    """BT-2."""
    type_code: str | None = None
    """BT-3: UNCL1001."""
    currency: str | None = None
    """BT-5."""
    tax_currency: str | None = None
    """BT-6."""
    tax_point_on: date | None = None
    """BT-7."""
    tax_point_code: str | None = None
    """BT-8: UNCL2005."""
    due_on: date | None = None
    """BT-9."""
    buyer_reference: str | None = None
    """BT-10."""
    contract: str | None = None
    """BT-12."""
    order: str | None = None
    """BT-13."""
    sales_order: str | None = None
    """BT-14."""
    receiving_advice: str | None = None
    """BT-15."""
    despatch_advice: str | None = None
    """BT-16."""
    payment_terms: str | None = None
    """BT-20."""
    notes: tuple[str, ...] = ()
    """BT-22."""
    process: str | None = None
    """BT-23."""
    specification: str | None = None
    """BT-24."""
    preceding: tuple[Preceding, ...] = ()
    seller: Party | None = None
    buyer: Party | None = None
    payee: Party | None = None
    representative: Party | None = None
    delivered_on: date | None = None
    """BT-72."""
    has_delivery_address: bool = False
    delivery_country: str | None = None
    """BT-80."""
    period: Period | None = None
    means_codes: tuple[str | None, ...] = ()
    """BT-81 of each payment instruction (BG-16)."""
    accounts: tuple[Account, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    lines_total: Decimal | None = None
    """BT-106."""
    allowances_total: Decimal | None = None
    """BT-107."""
    charges_total: Decimal | None = None
    """BT-108."""
    net: Decimal | None = None
    """BT-109."""
    gross: Decimal | None = None
    """BT-112."""
    prepaid: Decimal | None = None
    """BT-113."""
    rounding: Decimal | None = None
    """BT-114."""
    payable: Decimal | None = None
    """BT-115."""
    tax_totals: tuple[TaxTotal, ...] = ()
    breakdown: tuple[Breakdown, ...] = ()
    documents: tuple[str | None, ...] = ()
    """BT-122 of each supporting document (BG-24)."""
    lines: tuple[Line, ...] = ()
    amount_currencies: tuple[str, ...] = ()
    """The currencies that amounts are said in, but for BT-111."""
    malformed: tuple[Malformed, ...] = field(default=())

    @property
    def tax(self) -> Decimal | None:
        """What the tax comes to in the invoice's currency (BT-110); None where that is not said."""
        return self._tax_in(self.currency)

    @property
    def tax_in_tax_currency(self) -> Decimal | None:
        """What the tax comes to in the accounting currency (BT-111)."""
        return None if self.tax_currency is None else self._tax_in(self.tax_currency)

    def _tax_in(self, currency: str | None) -> Decimal | None:
        return next((one.amount for one in self.tax_totals if one.currency == currency), None)

    def allowances(self) -> Iterator[Adjustment]:
        """Yield what is taken off the whole of it (BG-20)."""
        return (one for one in self.adjustments if not one.is_charge)

    def charges(self) -> Iterator[Adjustment]:
        """Yield what is put on the whole of it (BG-21)."""
        return (one for one in self.adjustments if one.is_charge)
