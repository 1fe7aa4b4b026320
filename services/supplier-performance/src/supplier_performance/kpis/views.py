"""How KPIs, their figures and the facts behind them are shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.pages import Page
from supplier_performance.facts.queries import KINDS
from supplier_performance.kpis.model import KpiVersion
from supplier_performance.kpis.rules.grammar import Definition, Exclusion
from supplier_performance.kpis.rules.kpi import COMPANIES, By, Kpi, SourceEvent, Status
from supplier_performance.kpis.rules.shipped import SHIPPED
from supplier_performance.kpis.rules.stated import ShownDefinition
from supplier_performance.kpis.store.evidence import CountedFact
from supplier_performance.kpis.store.figures import Figure, Peers
from supplier_performance.suppliers.views import SupplierReference

EXAMPLE: dict[str, Any] = SHIPPED["on-time"].definition.model_dump(mode="json")


class KpiShown(BaseModel):
    """A KPI as it holds: what it is, in words and as data."""

    code: str = Field(examples=["on-time"])
    number: int = Field(
        description="Which version of it holds; 0 comes with the service, and nobody here decided it",
        examples=[0],
    )
    title: str = Field(examples=["On time"])
    formula: str = Field(description="What it is, in words", examples=["Lines on time ÷ lines due × 100"])
    standard: str | None = Field(description="Who names it so", examples=["ISO 9001:2015, 9.1.3 f"])
    events: list[str] = Field(description="The events that it rests on", examples=[["GoodsReceived"]])
    definition: ShownDefinition = Field(examples=[EXAMPLE])

    @classmethod
    def of(cls, kpi: Kpi) -> Self:
        """Show a KPI."""
        return cls(
            code=kpi.code,
            number=kpi.number,
            title=kpi.title,
            formula=kpi.formula,
            standard=kpi.standard,
            events=list(
                dict.fromkeys(event for kind in kpi.definition.kinds for event in KINDS[kind].events)
            ),
            definition=kpi.definition,
        )


class KpiVersionShown(BaseModel):
    """A version of a KPI: who wrote it, and who let it count."""

    code: str = Field(examples=["on-time"])
    number: int = Field(description="0 comes with the service, and nobody here decided it", examples=[1])
    status: Status
    title: str = Field(examples=["On time"])
    formula: str = Field(description="What it is, in words", examples=["Lines on time ÷ lines due × 100"])
    standard: str | None = Field(description="Who names it so", examples=[None])
    definition: ShownDefinition = Field(examples=[EXAMPLE])
    drafted_by: list[str] = Field(description="Who wrote any of it, the latest last", examples=[["cora"]])
    drafted_at: datetime | None
    activated_by: str | None = Field(description="Somebody who wrote none of it", examples=["carl"])
    activated_at: datetime | None

    @classmethod
    def of(cls, code: str, version: KpiVersion) -> Self:
        """Show a version that people have written."""
        return cls(
            **_said(version.kpi(code)),
            status=Status(version.status),
            drafted_by=list(version.authors),
            drafted_at=version.drafted_at,
            activated_by=version.activated_by,
            activated_at=version.activated_at,
        )

    @classmethod
    def of_ours(cls, kpi: Kpi, *, holds: bool) -> Self:
        """Show a version that comes with the service."""
        return cls(
            **_said(kpi),
            status=Status.ACTIVE if holds else Status.SUPERSEDED,
            drafted_by=[],
            drafted_at=None,
            activated_by=None,
            activated_at=None,
        )


class ExcludedFacts(BaseModel):
    """How many facts an exclusion took out of a figure."""

    reason: str = Field(examples=["The buyer moved the day"])
    facts: int = Field(examples=[3])


class FigurePeers(BaseModel):
    """What the figures of all suppliers are in the same group; each quartile is a figure that one has."""

    model_config = ConfigDict(from_attributes=True)

    suppliers: int = Field(description="How many have a figure", examples=[24])
    lower_quartile: Decimal | None = Field(examples=["81.25"])
    median: Decimal | None = Field(examples=["92.00"])
    upper_quartile: Decimal | None = Field(examples=["97.50"])


class KpiFigureForSupplier(BaseModel):
    """A figure of a KPI, with what it is the quotient of."""

    key: str = Field(
        description="Of which group: a code, a supplier's id, a period (2026-06, 2026-W23, 2026-Q2); empty "
        "where figures are not asked for by anything",
        examples=["2026-06"],
    )
    supplier: SupplierReference | None = Field(description="By supplier, which one; by group, its head")
    currency: str | None = Field(description="Of amounts, each has a figure", examples=[None])
    unit: str | None = Field(description="Of quantities, each unit of measure has a figure", examples=[None])
    value: Decimal | None = Field(
        description="Null: no data, as nothing is divided by nothing; never zero for it", examples=["92.00"]
    )
    numerator: Decimal | None = Field(
        description="What the facts add up to above the bar; null of a percentile", examples=["92"]
    )
    denominator: Decimal | None = Field(
        description="And below; null where nothing is divided", examples=["100"]
    )
    facts: int = Field(description="How many facts there are in the group, due or not", examples=[104])
    excluded: list[ExcludedFacts] = Field(description="What counted for nothing, and why")


class KpiFigure(KpiFigureForSupplier):
    """A figure of a KPI, with what it is the quotient of, and what others have."""

    peers: FigurePeers | None = Field(description="Null where no supplier has a figure")


class FiguresHead(BaseModel):
    """What figures are of."""

    kpi: KpiShown
    by: By | None = Field(examples=["month"])
    window_from: date
    window_to: date
    as_of: date


class KpiFigurePage(FiguresHead, Page[KpiFigure]):
    """A page of a KPI's figures."""


class KpiFigurePageForSupplier(FiguresHead, Page[KpiFigureForSupplier]):
    """A page of a KPI's figures, as a supplier sees its own."""


class FactEvent(BaseModel):
    """An event that a fact comes from."""

    model_config = ConfigDict(from_attributes=True)

    event_id: UUID | None = Field(description="Null of events of this service, which their number names")
    type: str = Field(examples=["purveyor.procurement.GoodsReceived.v1"])
    sequence: int = Field(description="Its number in its stream", examples=[2])
    known_at: datetime = Field(description="When it was known")
    business_date: date | None = Field(description="When it was so, as the event says")


class KpiFact(BaseModel):
    """A fact behind a figure: the numerators and denominators of all add up to the figure's."""

    fact: str = Field(description="What names it: the values of its kind's key", examples=["01977…/1"])
    happened_on: date = Field(description="When it was so")
    currency: str | None = Field(examples=[None])
    unit: str | None = Field(examples=[None])
    numerator: Decimal | None = Field(
        description="What it adds above the bar; of a percentile its value", examples=["1"]
    )
    denominator: Decimal | None = Field(description="What it adds below", examples=["1"])
    excluded: str | None = Field(description="Why it counts for nothing", examples=[None])
    columns: dict[str, str | None] = Field(
        description="Its columns, as GET /v1/facts says", examples=[{"site": "HAM", "due": "true"}]
    )
    events: list[FactEvent]


class KpiEvidencePage(FiguresHead, Page[KpiFact]):
    """A page of the facts behind figures, with the figures: one a currency and unit of measure."""

    figures: list[KpiFigureForSupplier]


def shown_figure(
    figure: Figure, definition: Definition, supplier: SupplierReference | None
) -> dict[str, Any]:
    """Return what everybody is shown of a figure."""
    return {
        "key": figure.key,
        "supplier": supplier,
        "currency": figure.currency,
        "unit": figure.unit,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "facts": figure.facts,
        "excluded": [
            ExcludedFacts(reason=exclusion.reason, facts=facts)
            for exclusion, facts in zip(definition.exclusions, figure.excluded, strict=True)
        ],
    }


def shown_peers(figure: Figure, by: By | None, peers: Mapping[Any, Peers]) -> FigurePeers | None:
    """Return what others have where a figure is of."""
    key = "" if by in COMPANIES else figure.key
    found = peers.get((key, figure.currency, figure.unit))
    return FigurePeers.model_validate(found) if found is not None and found.suppliers else None


def shown_fact(
    fact: CountedFact,
    exclusions: Sequence[Exclusion],
    hidden: Collection[str],
    events: Sequence[SourceEvent],
) -> KpiFact:
    """Show a fact, without the columns that are hidden."""
    return KpiFact(
        fact=fact.name,
        happened_on=fact.happened,
        currency=fact.currency,
        unit=fact.unit,
        numerator=fact.numerator,
        denominator=fact.denominator,
        excluded=None if fact.exclusion is None else exclusions[fact.exclusion].reason,
        columns={name: _as_text(value) for name, value in fact.columns.items() if name not in hidden},
        events=[FactEvent.model_validate(event) for event in events],
    )


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _said(kpi: Kpi) -> dict[str, Any]:
    return {
        name: getattr(kpi, name) for name in ("code", "number", "title", "formula", "standard", "definition")
    }
