"""Due diligence as HTTP takes and shows it: to our own people only."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import StringIO
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.days import Day
from purveyor.figures import Points
from purveyor.http.personal import personal
from purveyor.texts import Line, Name, Prose, Why
from sourcing.due_diligence.rules import (
    ComplaintStatus,
    PlaceAnalysed,
    Severity,
    StatedComplaint,
    StatedFinding,
    Subject,
    YearOfDueDiligence,
)

SUPPLIER = "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"
FINDING: dict[str, Any] = {
    "supplier_id": SUPPLIER,
    "subject": "health_and_safety",
    "severity": "major",
    "summary": "Emergency exits of the dyeing hall were locked",
    "found_on": "2026-10-14",
}
MEASURE: dict[str, Any] = {"what": "Panic bars at all exits", "owner": "carla", "due_on": "2026-12-15"}
MEASURE_OUT = {"number": 1} | MEASURE | {"done_on": None, "done_by": None, "result": None}
FINDING_OUT = (
    {"id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fc0"}
    | FINDING
    | {"recorded_by": "carla", "recorded_at": "2026-10-15T09:30:00Z", "measures": [MEASURE_OUT]}
)
COMPLAINT: dict[str, Any] = {
    "supplier_id": SUPPLIER,
    "subject": "fair_wages",
    "summary": "Overtime of September was not paid",
    "received_on": "2026-11-02",
}
REPORTER: dict[str, Any] = {"name": "Rana Begum", "contact": "rana@example.com", "said": None}
COMPLAINT_OUT = (
    {"id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6fd0"}
    | COMPLAINT
    | {
        "status": "received",
        "anonymous": False,
        "reporter": REPORTER,
        "reporter_erased_at": None,
        "outcome": None,
        "recorded_by": "carla",
        "recorded_at": "2026-11-02T09:30:00Z",
    }
)
PLACE: dict[str, Any] = {
    "country": "BD",
    "category": "textiles",
    "suppliers": 12,
    "points": "80.0",
    "source": "Amfori country risk, 2026",
    "as_of": "2026-01-31",
    "holds_until": "2027-01-31",
    "stale": False,
}
FIGURE: dict[str, Any] = {"figure": "measures", "subject": "", "state": "overdue", "count": 2}


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class FindingStated(_In):
    """What was found at a supplier."""

    model_config = ConfigDict(json_schema_extra={"examples": [FINDING]})

    supplier_id: UUID
    subject: Subject
    severity: Severity
    summary: Prose
    found_on: Day

    def stated(self) -> StatedFinding:
        """Return what it states."""
        return StatedFinding(self.supplier_id, self.subject, self.severity, self.summary, self.found_on)


class MeasureStated(_In):
    """What somebody does about a finding."""

    model_config = ConfigDict(json_schema_extra={"examples": [MEASURE]})

    what: Prose
    owner: Name = Field(description="Who answers for it")
    due_on: Day


class MeasureDone(_In):
    """That a measure is done."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"done_on": "2026-11-18", "result": "Seen by our auditor"}]}
    )

    done_on: Day
    result: Why


class Reporter(_In):
    """Who complained, as far as they say; kept apart from the trail, and erased when it is asked for."""

    model_config = personal("complaints")

    name: Name | None = Field(default=None, examples=["Rana Begum"])
    contact: Line | None = Field(default=None, description="How to reach them", examples=["rana@example.com"])
    said: Prose | None = Field(default=None, description="Anything else of who they are", examples=[None])


class ComplaintStated(_In):
    """What somebody told us."""

    model_config = ConfigDict(json_schema_extra={"examples": [COMPLAINT | {"reporter": REPORTER}]})

    supplier_id: UUID | None = Field(default=None, description="Left out: of nobody whom we know")
    subject: Subject
    summary: Prose = Field(description="Without what says who told it")
    received_on: Day
    reporter: Reporter | None = Field(default=None, description="Left out: anonymous")

    def stated(self) -> StatedComplaint:
        """Return what it states."""
        reporter = None if self.reporter is None else self.reporter.model_dump()
        return StatedComplaint(self.supplier_id, self.subject, self.summary, self.received_on, reporter)


class ComplaintStep(_In):
    """What came of a step."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "We asked for the time sheets"}]})

    outcome: Why


class ReporterErasure(_In):
    """Why who complained is erased."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "She asked for it"}]})

    reason: Why


class FindingMeasure(_Out):
    """A measure."""

    model_config = ConfigDict(json_schema_extra={"examples": [MEASURE_OUT]})

    number: int
    what: str
    owner: str
    due_on: date
    done_on: date | None
    done_by: str | None
    result: str | None


class FindingOut(_Out):
    """A finding, with what is done about it."""

    model_config = ConfigDict(json_schema_extra={"examples": [FINDING_OUT]})

    id: UUID
    supplier_id: UUID
    subject: Subject
    severity: Severity
    summary: str
    found_on: date
    recorded_by: str
    recorded_at: datetime
    measures: list[FindingMeasure]


class ComplaintListed(_Out):
    """A complaint, without who complained."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{k: v for k, v in COMPLAINT_OUT.items() if k != "reporter"}]}
    )

    id: UUID
    supplier_id: UUID | None
    subject: Subject
    summary: str
    received_on: date
    status: ComplaintStatus
    anonymous: bool
    reporter_erased_at: datetime | None
    outcome: str | None = Field(description="What came of the last step")
    recorded_by: str
    recorded_at: datetime


class ComplaintOut(ComplaintListed):
    """A complaint; who reads who complained is noted."""

    model_config = ConfigDict(json_schema_extra={"examples": [COMPLAINT_OUT]})

    reporter: Reporter | None = Field(description="Null: anonymous, or erased")


class RiskPlace(_Out):
    """A country and category that suppliers are and sell in."""

    model_config = ConfigDict(json_schema_extra={"examples": [PLACE]})

    country: str
    category: str | None = Field(description="Null: suppliers that name none")
    suppliers: int = Field(description="How many, that are not terminated, merged or withdrawn")
    points: Points | None = Field(description="What the table says; null: nothing. 100 is the worst")
    source: str | None
    as_of: date | None
    holds_until: date | None
    stale: bool = Field(description="Whether it does not hold any more")

    @classmethod
    def of(cls, place: PlaceAnalysed) -> Self:
        """Return what is shown of a place."""
        said = place.reading
        return cls(
            country=place.country,
            category=place.category,
            suppliers=place.suppliers,
            points=None if said is None else said.points,
            source=None if said is None else said.source,
            as_of=None if said is None else said.as_of,
            holds_until=None if said is None else said.holds_until,
            stale=place.stale,
        )


class DueDiligenceAnalysis(_Out):
    """Where the risk lies: the riskiest first, what the table does not know last."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"as_of": "2026-11-20", "places": [PLACE]}]})

    as_of: date
    places: list[RiskPlace] = Field(description="Those with most suppliers, 1,000 at most")


class DueDiligenceFigure(_Out):
    """One figure of a year."""

    model_config = ConfigDict(json_schema_extra={"examples": [FIGURE]})

    figure: str = Field(description="`findings`, `measures`, `complaints`, `suppliers`")
    subject: str = Field(description="What they are about; empty: all")
    state: str = Field(description="Severity, how measures stand, status, or level of risk (`unknown`)")
    count: int


class DueDiligenceYear(_Out):
    """What a year came to: findings and complaints of it, measures that were due in it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"year": 2026, "as_of": "2026-11-20", "figures": [FIGURE]}]}
    )

    year: int
    as_of: date = Field(description="As it stands at the year's end, or today; levels of risk are today's")
    figures: list[DueDiligenceFigure]

    @classmethod
    def of(cls, year: YearOfDueDiligence) -> Self:
        """Return what is shown of a year."""
        figures = [
            DueDiligenceFigure(figure=figure, subject=subject, state=state, count=count)
            for figure, subject, state, count in year.lines()
        ]
        return cls(year=year.year, as_of=year.as_of, figures=figures)


def as_csv(year: YearOfDueDiligence) -> str:
    """Return a year's figures as CSV."""
    written = StringIO()
    rows = csv.writer(written)
    rows.writerow(("year", "as_of", "figure", "subject", "state", "count"))
    rows.writerows((year.year, year.as_of.isoformat(), *line) for line in year.lines())
    return written.getvalue()
