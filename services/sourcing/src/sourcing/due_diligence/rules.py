"""Where a finding and a complaint stand, what may be done, and how a year adds up. Pure: no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from purveyor.errors import ConflictError
from sourcing.risk.rules.factors import Reading


class Subject(StrEnum):
    """What a finding or a complaint is about (LkSG § 2)."""

    CHILD_LABOUR = "child_labour"
    FORCED_LABOUR = "forced_labour"
    HEALTH_AND_SAFETY = "health_and_safety"
    FREEDOM_OF_ASSOCIATION = "freedom_of_association"
    DISCRIMINATION = "discrimination"
    FAIR_WAGES = "fair_wages"
    LAND_AND_LIVELIHOOD = "land_and_livelihood"
    SECURITY_FORCES = "security_forces"
    ENVIRONMENT = "environment"
    OTHER = "other"


class Severity(StrEnum):
    """How bad it is for those whom it concerns."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class ComplaintStatus(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    INVESTIGATED = "investigated"
    SUBSTANTIATED = "substantiated"
    UNFOUNDED = "unfounded"
    REMEDIED = "remedied"


class ComplaintMove(StrEnum):
    """What is done with a complaint."""

    INVESTIGATE = "investigate"
    SUBSTANTIATE = "substantiate"
    DISMISS = "dismiss"
    REMEDY = "remedy"


MOVES: Mapping[tuple[ComplaintStatus, ComplaintMove], ComplaintStatus] = {
    (ComplaintStatus.RECEIVED, ComplaintMove.INVESTIGATE): ComplaintStatus.INVESTIGATED,
    (ComplaintStatus.INVESTIGATED, ComplaintMove.SUBSTANTIATE): ComplaintStatus.SUBSTANTIATED,
    (ComplaintStatus.INVESTIGATED, ComplaintMove.DISMISS): ComplaintStatus.UNFOUNDED,
    (ComplaintStatus.SUBSTANTIATED, ComplaintMove.REMEDY): ComplaintStatus.REMEDIED,
}
"""Every move that exists: nobody dismisses what was not looked into, or remedies what was not found."""


def moved(status: ComplaintStatus, move: ComplaintMove) -> ComplaintStatus:
    """Return where a move leads; raises ConflictError naming what is possible instead."""
    to = MOVES.get((status, move))
    if to is None:
        allowed = [move.value for at, move in MOVES if at is status]
        possible = ", ".join(allowed) or "nothing more"
        raise ConflictError(
            "wrong_state", f"The complaint is {status}; possible now: {possible}.", allowed=allowed
        )
    return to


@dataclass(frozen=True, slots=True)
class MeasureKept:
    """A measure's days."""

    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class MeasuresOfYear:
    """How a year's measures stand at its end."""

    due: int
    done_in_time: int
    done_late: int
    overdue: int


def measures_of(year: int, measures: Iterable[MeasureKept], on: date) -> MeasuresOfYear:
    """Return how the measures that were due in a year stand on a day; those not due yet count as due only."""
    due = [one for one in measures if one.due_on.year == year]
    done = [one for one in due if one.done_on is not None and one.done_on <= on]
    late = sum(1 for one in done if one.done_on is not None and one.done_on > one.due_on)
    overdue = sum(1 for one in due if one not in done and one.due_on < on)
    return MeasuresOfYear(len(due), len(done) - late, late, overdue)


@dataclass(frozen=True, slots=True)
class StatedFinding:
    """What was found."""

    supplier_id: UUID
    subject: Subject
    severity: Severity
    summary: str
    found_on: date


@dataclass(frozen=True, slots=True)
class StatedComplaint:
    """What somebody told us, and who, if they say."""

    supplier_id: UUID | None
    subject: Subject
    summary: str
    received_on: date
    reporter: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class PlaceAnalysed:
    """A country and category that suppliers are and sell in, and what the table says of it."""

    country: str
    category: str | None
    suppliers: int
    reading: Reading | None
    stale: bool


@dataclass(frozen=True, slots=True)
class YearOfDueDiligence:
    """What a year came to, as it stands on a day."""

    year: int
    as_of: date
    findings: Mapping[tuple[str, str], int]
    measures: MeasuresOfYear
    complaints: Mapping[tuple[str, str], int]
    levels: Mapping[str, int]

    def lines(self) -> Iterator[tuple[str, str, str, int]]:
        """Return its figures one by one: what is counted, of which subject, in which state, how many."""
        for (subject, severity), count in sorted(self.findings.items()):
            yield "findings", subject, severity, count
        for name in ("due", "done_in_time", "done_late", "overdue"):
            yield "measures", "", name, getattr(self.measures, name)
        for (subject, status), count in sorted(self.complaints.items()):
            yield "complaints", subject, status, count
        for level, count in sorted(self.levels.items()):
            yield "suppliers", "", level, count
