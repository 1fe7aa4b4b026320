"""How scorecard templates are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from supplier_performance.templates.model import Status, TemplateVersion
from supplier_performance.templates.rules.template import InForce, Template

EXAMPLE: dict[str, Any] = {
    "title": "Fasteners",
    "category": "fasteners",
    "kpis": [
        {
            "kpi": "on-time",
            "weight": "60",
            "worth": {"how": "linear", "floor": "70", "target": "98"},
            "least_sample": 3,
        },
        {
            "kpi": "rejected-ppm",
            "weight": "20",
            "worth": {"how": "steps", "steps": [{"figure": "5000", "points": "50"}]},
        },
    ],
    "questions": [{"code": "cooperation", "text": "How well does it work with us?", "weight": "20"}],
    "periods": [{"days": 90, "weight": "60"}, {"days": 275, "weight": "40"}],
    "hysteresis": "2",
}


class TemplateVersionShown(BaseModel):
    """A version of a scorecard template: what it says, who wrote it, and who let it judge."""

    code: str = Field(examples=["fasteners"])
    number: int = Field(examples=[1])
    status: Status
    template: Template = Field(examples=[Template.model_validate(EXAMPLE).model_dump(mode="json")])
    drafted_by: list[str] = Field(description="Who wrote any of it, the latest last", examples=[["cora"]])
    drafted_at: datetime
    activated_by: str | None = Field(description="Somebody who wrote none of it", examples=["carl"])
    activated_at: datetime | None

    @classmethod
    def of(cls, code: str, version: TemplateVersion) -> Self:
        """Show a version."""
        return cls(
            code=code,
            number=version.number,
            status=Status(version.status),
            template=version.template,
            drafted_by=list(version.authors),
            drafted_at=version.drafted_at,
            activated_by=version.activated_by,
            activated_at=version.activated_at,
        )


class ScorecardTemplateShown(BaseModel):
    """A scorecard template as it holds."""

    code: str = Field(description="`default` is that of suppliers whom no other fits", examples=["fasteners"])
    number: int = Field(description="Which version of it holds", examples=[1])
    template: Template = Field(examples=[Template.model_validate(EXAMPLE).model_dump(mode="json")])

    @classmethod
    def of(cls, found: InForce) -> Self:
        """Show what holds."""
        return cls(code=found.code, number=found.number, template=found.template)
