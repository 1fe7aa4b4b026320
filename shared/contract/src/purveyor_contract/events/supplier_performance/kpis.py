"""Events of KPIs. Stream `performance.kpis`, keyed by KPI; no supplier is told."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from purveyor_messaging.envelope import Event, Restated

COUNTED: dict[str, Any] = {
    "of": "lines",
    "numerator": {"aggregate": "count", "where": {"condition": "is_true", "column": "due"}},
    "unit": "count",
    "direction": "higher",
}


class KpiDefined(Event):
    """A version of a KPI was activated: its figures are made by this definition from now on, of any day."""

    service: ClassVar[str] = "supplier-performance"
    topic: ClassVar[str] = "performance.kpis"
    key_field: ClassVar[str] = "kpi_id"

    kpi_id: UUID
    code: str = Field(description="What it is asked for by", examples=["lines-due"])
    number: int = Field(ge=1, description="Which version it is", examples=[2])
    previous_number: int | None = Field(
        description="What it takes the place of; 0 comes with the service; null: the KPI is new", examples=[1]
    )
    title: str = Field(examples=["Lines due"])
    formula: str = Field(description="What it is, in words", examples=["Lines due"])
    standard: str | None = Field(description="Who names it so", examples=[None])
    definition: dict[str, Any] = Field(
        description="What it is, as data: the grammar is docs/kpis/definition.schema.json", examples=[COUNTED]
    )
    drafted_by: list[str] = Field(description="Who wrote any of it", examples=[["cora"]])
    activated_by: str = Field(description="Somebody who wrote none of it", examples=["carl"])


class KpiRestated(Restated):
    """A KPI's versions were told again after performance lost events; only the events in here hold."""

    service: ClassVar[str] = "supplier-performance"
    topic: ClassVar[str] = "performance.kpis"
    key_field: ClassVar[str] = "kpi_id"

    kpi_id: UUID
