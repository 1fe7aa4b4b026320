"""Due diligence in SQL: findings, complaints, what a year came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from sourcing.due_diligence.model import Complaint, Finding, Measure
from sourcing.due_diligence.rules import ComplaintStatus, MeasureKept, Severity, Subject

FINDINGS = Listing(
    name="findings",
    id=Finding.id,
    filters=(
        equal("supplier_id", UUID, Finding.supplier_id, "At this supplier"),
        equal("subject", Subject, Finding.subject, "What it is about", example="health_and_safety"),
        equal("severity", Severity, Finding.severity, "How bad it is", example="major"),
        *between("found", Day, Finding.found_on, "Found on this day"),
    ),
    sorts=both_ways("id", Finding.id)[::-1],
    changed=Finding.changed_in,
)
COMPLAINTS = Listing(
    name="complaints",
    id=Complaint.id,
    filters=(
        equal("supplier_id", UUID, Complaint.supplier_id, "About this supplier"),
        equal("status", ComplaintStatus, Complaint.status, "Where it stands", example="received"),
        *between("received", Day, Complaint.received_on, "Received on this day"),
    ),
    sorts=both_ways("id", Complaint.id)[::-1],
    changed=Complaint.changed_in,
)


async def find_findings(tx: Transaction, asked: Asked) -> Found[Finding]:
    """Return a page of findings."""
    return await find(tx, select(Finding), asked)


async def find_complaints(tx: Transaction, asked: Asked) -> Found[Complaint]:
    """Return a page of complaints."""
    return await find(tx, select(Complaint), asked)


async def get_finding(tx: Transaction, finding_id: UUID, *, lock: bool = False) -> Finding:
    """Return a finding; raises NotFoundError."""
    found = await tx.session.get(Finding, finding_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise NotFoundError("finding", finding_id)
    return found


async def get_complaint(tx: Transaction, complaint_id: UUID, *, lock: bool = False) -> Complaint:
    """Return a complaint; raises NotFoundError."""
    found = await tx.session.get(Complaint, complaint_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise NotFoundError("complaint", complaint_id)
    return found


async def findings_of(tx: Transaction, first: date, last: date) -> Counter[tuple[str, str]]:
    """Return how many findings there were between two days, by subject and severity."""
    found = await tx.session.execute(
        select(Finding.subject, Finding.severity, func.count())
        .where(Finding.found_on.between(first, last))
        .group_by(Finding.subject, Finding.severity)
    )
    return Counter({(row[0], row[1]): row[2] for row in found})


async def complaints_of(tx: Transaction, first: date, last: date) -> Counter[tuple[str, str]]:
    """Return how many complaints came between two days, by subject and where they stand now."""
    found = await tx.session.execute(
        select(Complaint.subject, Complaint.status, func.count())
        .where(Complaint.received_on.between(first, last))
        .group_by(Complaint.subject, Complaint.status)
    )
    return Counter({(row[0], row[1]): row[2] for row in found})


async def measures_between(tx: Transaction, first: date, last: date) -> Sequence[MeasureKept]:
    """Return the days of the measures that were due between two days."""
    found = await tx.session.execute(
        select(Measure.due_on, Measure.done_on).where(Measure.due_on.between(first, last))
    )
    return [MeasureKept(row[0], row[1]) for row in found]
