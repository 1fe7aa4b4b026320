"""What is done in due diligence: found, answered by measures, complained of, looked into, erased."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, InvalidError, NotFoundError
from purveyor.versions import Seen, expect_version
from sourcing.due_diligence import store
from sourcing.due_diligence.model import Complaint, Finding, Measure
from sourcing.due_diligence.rules import ComplaintMove, ComplaintStatus, StatedComplaint, StatedFinding
from sourcing.suppliers.store.rows import suppliers_in_brief

FINDING, COMPLAINT = "due_diligence_finding", "due_diligence_complaint"


async def find(tx: Transaction, stated: StatedFinding) -> Finding:
    """Record what was found at a supplier."""
    await _expect_supplier(tx, stated.supplier_id)
    _expect_past(tx, stated.found_on, "/found_on")
    finding = Finding(
        id=new_id(),
        supplier_id=stated.supplier_id,
        subject=stated.subject.value,
        severity=stated.severity.value,
        summary=stated.summary,
        found_on=stated.found_on,
        recorded_by=tx.actor,
        recorded_at=tx.now,
        last_measure=0,
        measures_done=0,
        measures=[],
    )
    tx.session.add(finding)
    after = {"supplier": str(stated.supplier_id), "subject": finding.subject, "severity": finding.severity}
    tx.audit("record", FINDING, finding.id, after=after | {"found_on": stated.found_on})
    await tx.flush()
    return finding


async def add_measure(
    tx: Transaction, finding_id: UUID, seen: Seen, what: str, owner: str, due_on: date
) -> Finding:
    """Say what is done about a finding, by whom and until when."""
    finding = await store.get_finding(tx, finding_id, lock=True)
    expect_version(finding, seen)
    if due_on < finding.found_on:
        detail = f"It was found on {finding.found_on}: state a day from then on."
        raise InvalidError("due_before_found", detail, errors=[FieldError("/due_on", detail)])
    finding.last_measure += 1
    finding.measures.append(Measure(number=finding.last_measure, what=what, owner=owner, due_on=due_on))
    after = {"measure": finding.last_measure, "what": what, "owner": owner, "due_on": due_on}
    tx.audit("add_measure", FINDING, finding.id, after=after)
    await tx.flush()
    return finding


async def complete(
    tx: Transaction, finding_id: UUID, number: int, seen: Seen, done_on: date, result: str
) -> Finding:
    """Say that a measure is done, since when and with which result."""
    finding = await store.get_finding(tx, finding_id, lock=True)
    expect_version(finding, seen)
    measure = next((one for one in finding.measures if one.number == number), None)
    if measure is None:
        raise NotFoundError("measure", number)
    if measure.done_on is not None:
        detail = f"Measure {number} is done since {measure.done_on}."
        raise ConflictError("wrong_state", detail, allowed=[])
    _expect_past(tx, done_on, "/done_on")
    measure.done_on, measure.done_by, measure.result = done_on, tx.actor, result
    finding.measures_done += 1
    tx.audit(
        "complete_measure", FINDING, finding.id, after={"measure": number, "done_on": done_on}, reason=result
    )
    await tx.flush()
    return finding


async def complain(tx: Transaction, stated: StatedComplaint) -> Complaint:
    """Record a complaint; without a reporter it is anonymous, and nobody asks who it was.

    Who it was is in the complaint alone, not in the trail either: there it can be erased.
    """
    if stated.supplier_id is not None:
        await _expect_supplier(tx, stated.supplier_id)
    _expect_past(tx, stated.received_on, "/received_on")
    complaint = Complaint(
        id=new_id(),
        supplier_id=stated.supplier_id,
        subject=stated.subject.value,
        summary=stated.summary,
        received_on=stated.received_on,
        status=ComplaintStatus.RECEIVED.value,
        anonymous=stated.reporter is None,
        reporter=stated.reporter,
        recorded_by=tx.actor,
        recorded_at=tx.now,
    )
    tx.session.add(complaint)
    after = {"subject": complaint.subject, "received_on": stated.received_on}
    tx.audit("record", COMPLAINT, complaint.id, after=after | {"anonymous": complaint.anonymous})
    await tx.flush()
    return complaint


async def move(
    tx: Transaction, complaint_id: UUID, seen: Seen, move: ComplaintMove, outcome: str
) -> Complaint:
    """Take a complaint a step further, and say what came of it."""
    complaint = await store.get_complaint(tx, complaint_id, lock=True)
    expect_version(complaint, seen)
    before = {"status": complaint.status}
    complaint.move(move, outcome)
    tx.audit(
        move.value, COMPLAINT, complaint.id, before=before, after={"status": complaint.status}, reason=outcome
    )
    await tx.flush()
    return complaint


async def forget_reporter(tx: Transaction, complaint_id: UUID, seen: Seen, reason: str) -> Complaint:
    """Erase who complained; the case goes on without."""
    complaint = await store.get_complaint(tx, complaint_id, lock=True)
    expect_version(complaint, seen)
    if complaint.reporter is None:
        detail = "Nothing is kept of who complained."
        raise ConflictError("wrong_state", detail, allowed=[])
    complaint.reporter, complaint.reporter_erased_at = None, tx.now
    tx.audit("erase_reporter", COMPLAINT, complaint.id, reason=reason)
    await tx.flush()
    return complaint


async def _expect_supplier(tx: Transaction, supplier_id: UUID) -> None:
    if supplier_id not in await suppliers_in_brief(tx, [supplier_id]):
        detail = "There is no such supplier: look in GET /v1/suppliers."
        raise InvalidError("supplier_unknown", detail, errors=[FieldError("/supplier_id", detail)])


def _expect_past(tx: Transaction, day: date, pointer: str) -> None:
    if day > tx.day:
        detail = f"{day} is to come: state the day on which it was, {tx.day} at the latest."
        raise InvalidError("day_in_future", detail, errors=[FieldError(pointer, detail)])
