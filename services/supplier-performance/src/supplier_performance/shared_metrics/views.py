"""How promises are shown beside their outcomes; to our own people alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, Field

from purveyor.pages import Page
from supplier_performance.shared_metrics.rules import Compared, Known, Period, Place
from supplier_performance.suppliers.rules import SupplierName
from supplier_performance.suppliers.views import SupplierReference

EVIDENCE = "/v1/kpis/document-validity/evidence?supplier_id=…&from=2026-05-01&to=2026-05-31"


class SharedMetric(BaseModel):
    """A promise of sourcing beside its outcome in procurement, both of 100."""

    metric: Literal["qualification", "qualification-result", "documents"]
    title: str = Field(examples=["How many documents held, and how many orders were perfect"])
    promised: Decimal | None = Field(description="What sourcing tells; null: no data", examples=["100.00"])
    promised_kpi: str = Field(examples=["document-validity"])
    outcome: Decimal | None = Field(description="What procurement tells; null: no data", examples=["87.50"])
    outcome_kpi: str = Field(examples=["perfect-order"])
    difference: Decimal | None = Field(
        description="The outcome less the promise; null where there is no data of one", examples=["-12.50"]
    )
    promised_evidence: str = Field(description="Where the facts behind the promise are", examples=[EVIDENCE])
    outcome_evidence: str = Field(description="Where the facts behind the outcome are", examples=[EVIDENCE])

    @classmethod
    def of(cls, compared: Compared, place: Place, period: Period, known: Known) -> Self:
        """Show a promise and its outcome."""
        pair = compared.pair

        def evidence(kpi: str) -> str:
            of = f"supplier_id={place.supplier_id}"
            if place.category and kpi not in known.whole:
                of += f"&category={place.category}&category_alone=true"
            of += f"&from={period.first}&to={period.last}"
            return f"/v1/kpis/{kpi}/evidence?{of}" + (f"&as_of={known.as_of}" if known.as_of else "")

        return cls(
            metric=pair.code,
            title=pair.title,
            promised=compared.promised,
            promised_kpi=pair.promised,
            outcome=compared.outcome,
            outcome_kpi=pair.outcome,
            difference=compared.difference,
            promised_evidence=evidence(pair.promised),
            outcome_evidence=evidence(pair.outcome),
        )


class SharedMetrics(BaseModel):
    """What was promised and what came of it, of a supplier in a category and a period."""

    period: str = Field(examples=["2026-05"])
    supplier: SupplierReference
    category: str | None = Field(
        description="Null: nothing of any category is known of it then", examples=["fasteners"]
    )
    metrics: list[SharedMetric]

    @classmethod
    def of(
        cls,
        place: Place,
        found: Sequence[Compared],
        supplier: SupplierName,
        period: Period,
        known: Known,
    ) -> Self:
        """Show the metrics of a supplier in a category and a period."""
        return cls(
            period=place.period,
            supplier=SupplierReference.of(supplier),
            category=place.category or None,
            metrics=[SharedMetric.of(one, place, period, known) for one in found],
        )


class SharedMetricsPage(Page[SharedMetrics]):
    """A page of promises beside their outcomes."""

    by: str = Field(description="The periods", examples=["month"])
    window_from: date
    window_to: date
    as_of: date
