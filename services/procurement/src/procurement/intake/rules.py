"""Which way a need goes: the first row of a decision table that holds for it, and why it does."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from procurement.requisitions.rules.stated import (
    Assignment,
    LineKind,
    PriceSource,
    Request,
    RequestedLine,
)
from purveyor.countries import Country
from purveyor.decimals import AS_WRITTEN, shortest
from purveyor.errors import ConflictError
from purveyor.money import CurrencyCode
from purveyor.texts import Code, Line, Name

Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6), AS_WRITTEN]


class Route(StrEnum):
    """Which way a need goes."""

    CALL_OFF = "call_off"
    CATALOGUE = "catalogue"
    THREE_QUOTES = "three_quotes"
    TENDER = "tender"
    QUALIFY_SUPPLIER = "qualify_supplier"
    REFUSED = "refused"


class SupplierIs(StrEnum):
    """What is known of the supplier that a need names, for its category."""

    UNNAMED = "unnamed"
    QUALIFIED = "qualified"
    NOT_QUALIFIED = "not_qualified"


class RouteConditions(BaseModel):
    """Conditions on a need; what is null is not looked at, and what is empty holds of nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[LineKind, ...] | None = Field(default=None, description="An item, a free text or a service")
    categories: tuple[Code, ...] | None = Field(default=None, description="Of these, or in one of them")
    business_units: tuple[Code, ...] | None = Field(default=None, description="For one of these units")
    countries: tuple[Country, ...] | None = Field(default=None, description="For a site in one of these")
    value_from: Amount | None = Field(default=None, description="Of that value or more")
    value_below: Amount | None = Field(default=None, description="Of less value")
    agreement: bool | None = Field(
        default=None, description="Whether a blanket order of the unit has the item today, and leaves as much"
    )
    supplier: tuple[SupplierIs, ...] | None = Field(default=None, description="What its supplier is")
    at_risk: bool | None = Field(
        default=None, description="Whether something speaks against the supplier, as its orders are flagged"
    )


class RouteRow(BaseModel):
    """A row of the table: where these conditions hold, a need goes this way."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    when: RouteConditions
    route: Route
    reason: Line = Field(description="What is said to who asks")


BY_AGREEMENT = RouteRow(
    name="agreed",
    when=RouteConditions(agreement=True),
    route=Route.CALL_OFF,
    reason="It was agreed on: call it off at the agreed price.",
)
NOT_QUALIFIED = RouteRow(
    name="not qualified",
    when=RouteConditions(supplier=(SupplierIs.NOT_QUALIFIED,)),
    route=Route.QUALIFY_SUPPLIER,
    reason="Nothing is ordered of a supplier that is not approved for it.",
)
AN_ITEM = RouteRow(
    name="item",
    when=RouteConditions(kinds=(LineKind.ITEM,)),
    route=Route.CATALOGUE,
    reason="It is bought again and again: request it as an item.",
)


class IntakeRoutes(BaseModel):
    """The decision table: rows in their order, and the way of what none of them holds for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: CurrencyCode = Field(default="EUR", description="Of the values")
    rate_source: Code = Field(default="ECB", description="Whose exchange rates convert values into it")
    rate_base: Code = Field(default="EUR", description="The currency that those rates are quoted against")
    rows: tuple[RouteRow, ...] = Field(
        default=(BY_AGREEMENT, NOT_QUALIFIED, AN_ITEM), max_length=200, description="The first that holds"
    )
    otherwise: Route = Field(default=Route.THREE_QUOTES, description="Where no row holds")
    otherwise_reason: Line = Field(
        default="Nothing else was decided: ask three suppliers.", description="What is said then"
    )

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [row.name for row in self.rows]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"names a row twice: {', '.join(twice)}")
        return self


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table looks at of a need."""

    kind: LineKind
    category: str
    within: Collection[str]
    """What its category lies in."""
    business_unit: str
    country: str
    value: Decimal
    """In the table's currency."""
    agreement: str | None
    """The blanket order that has it, by its number."""
    supplier: SupplierIs
    risk: str | None
    """What speaks against its supplier."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A route, the row that chose it (None: none held), and why."""

    route: Route
    row: str | None
    reasons: tuple[str, ...]


def choose(table: IntakeRoutes, facts: Facts) -> Chosen:
    """Return which way a need goes; the reasons are what was said of the row and each of its conditions."""
    for row in table.rows:
        conditions = list(_conditions(row.when, facts, table.currency))
        if all(holds for holds, _ in conditions):
            return Chosen(row.route, row.name, (row.reason, *(why for _, why in conditions)))
    return Chosen(table.otherwise, None, (table.otherwise_reason,))


def _conditions(when: RouteConditions, facts: Facts, currency: str) -> Iterator[tuple[bool, str]]:
    """Yield whether each condition holds, and what it says of the need then."""
    if when.kinds is not None:
        yield facts.kind in when.kinds, f"it is of the kind {facts.kind}"
    if when.categories is not None:
        above = [code for code in (facts.category, *facts.within) if code in when.categories]
        yield bool(above), f"it is of the category {', '.join(above)}"
    if when.business_units is not None:
        yield facts.business_unit in when.business_units, f"it is for {facts.business_unit}"
    if when.countries is not None:
        yield facts.country in when.countries, f"it is for a site in {facts.country}"
    worth = f"{shortest(facts.value)} {currency}"
    if when.value_from is not None:
        yield facts.value >= when.value_from, f"{worth} is {shortest(when.value_from)} or more"
    if when.value_below is not None:
        yield facts.value < when.value_below, f"{worth} is less than {shortest(when.value_below)}"
    if when.agreement is not None:
        has = facts.agreement is not None
        yield has == when.agreement, f"{facts.agreement} has it" if has else "no blanket order has it"
    if when.supplier is not None:
        yield facts.supplier in when.supplier, f"its supplier is {facts.supplier.replace('_', ' ')}"
    if when.at_risk is not None:
        against = facts.risk is not None
        yield against == when.at_risk, facts.risk or "nothing speaks against its supplier"


class NeedStatus(StrEnum):
    """Where a need stands."""

    ROUTED = "routed"
    STARTED = "started"
    FULFILLED = "fulfilled"
    CLOSED = "closed"
    REFUSED = "refused"


def status_of(route: str, document: str | None, *, delivered: bool) -> NeedStatus:
    """Return where a need stands: by its route, its document, and whether anything came of that."""
    if route == Route.REFUSED:
        return NeedStatus.REFUSED
    if document is None:
        return NeedStatus.ROUTED
    if document == "closed":
        return NeedStatus.FULFILLED if delivered else NeedStatus.CLOSED
    return NeedStatus.CLOSED if document in {"rejected", "withdrawn", "cancelled"} else NeedStatus.STARTED


def check_startable(route: str, *, started: bool) -> None:
    """Raise ConflictError for a need that goes no way, or has been started."""
    if route == Route.REFUSED:
        raise ConflictError("wrong_state", "The need goes no way: its reasons say why.", allowed=[])
    if started:
        raise ConflictError("wrong_state", "The need has been started: its documents are named.", allowed=[])


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a need stands, with its document."""

    status: NeedStatus
    document_number: str | None = None
    document_status: str | None = None


@dataclass(frozen=True, slots=True)
class Needed:
    """What somebody says that they need."""

    title: str
    kind: LineKind
    item: str | None
    category: str
    quantity: Decimal
    unit: str
    value: Decimal
    currency: str
    need_by: date
    site: str
    business_unit: str
    cost_centre: str
    supplier_id: UUID | None
    requested_for: str | None

    def request(self) -> Request:
        """Return the requisition that asks for it: one line that is worth its value."""
        line = RequestedLine(
            kind=self.kind,
            item=self.item,
            description=self.title,
            category=self.category,
            quantity=self.quantity,
            unit=self.unit,
            site=self.site,
            price=self.value,
            price_base_quantity=self.quantity,
            price_source=PriceSource.ESTIMATE,
            supplier_id=self.supplier_id,
            justification=None,
            assignments=(Assignment(self.cost_centre, None, Decimal(100)),),
            line_number=1,
            need_by=self.need_by,
        )
        return Request(self.title, self.business_unit, self.currency, None, self.requested_for, (line,))


@dataclass(frozen=True, slots=True)
class Decision:
    """What has to be decided on the way; of one stage side by side, of the next one after it."""

    stage: int
    label: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Routed:
    """Which way a need goes and why, by which version of the table, and who decides on it."""

    chosen: Chosen
    table_version: int | None
    blanket_order_id: UUID | None
    """The blanket order that has it, and its line."""
    blanket_line_number: int | None
    decisions: tuple[Decision, ...]
