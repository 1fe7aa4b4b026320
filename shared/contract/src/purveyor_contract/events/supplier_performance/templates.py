"""Events of scorecard templates. Stream `performance.scorecard-templates`; no supplier is told."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from purveyor_messaging.envelope import Event, Restated

STATED: dict[str, Any] = {
    "title": "Fasteners",
    "category": "fasteners",
    "kpis": [
        {
            "kpi": "on-time",
            "weight": "100",
            "worth": {"how": "linear", "floor": "70", "target": "98"},
            "least_sample": 3,
        }
    ],
}


class ScorecardTemplateActivated(Event):
    """A version of a scorecard template was activated: the suppliers that it fits are judged by it now."""

    service: ClassVar[str] = "supplier-performance"
    topic: ClassVar[str] = "performance.scorecard-templates"
    key_field: ClassVar[str] = "template_id"

    template_id: UUID
    code: str = Field(description="What it is asked for by", examples=["fasteners"])
    number: int = Field(ge=1, description="Which version it is", examples=[2])
    previous_number: int | None = Field(
        description="What it takes the place of; null: the template is new", examples=[1]
    )
    title: str = Field(examples=["Fasteners"])
    category: str = Field(
        description="Whose suppliers it judges, with all that lies in it", examples=["fasteners"]
    )
    template: dict[str, Any] = Field(
        description="All that it says, as POST /v1/scorecard-templates/{code}/versions takes it",
        examples=[STATED],
    )
    drafted_by: list[str] = Field(description="Who wrote any of it", examples=[["cora"]])
    activated_by: str = Field(description="Somebody who wrote none of it", examples=["carl"])


class ScorecardTemplateRestated(Restated):
    """A template's versions were told again after performance lost events; only the events in here hold."""

    service: ClassVar[str] = "supplier-performance"
    topic: ClassVar[str] = "performance.scorecard-templates"
    key_field: ClassVar[str] = "template_id"

    template_id: UUID
