"""What people do about an alert: acknowledge, hand over, snooze, resolve."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.versions import Seen, expect_version
from supplier_performance.alerts import store
from supplier_performance.alerts.model import Alert
from supplier_performance.alerts.rules.moves import Move

ALERT = "alert"


async def acknowledge(tx: Transaction, alert_id: UUID, seen: Seen) -> Alert:
    """Note that somebody has seen an alert and takes it, if nobody was named."""
    alert = await _locked(tx, alert_id, seen)
    alert.acknowledge(tx.actor, tx.now)
    return await _done(tx, alert, Move.ACKNOWLEDGE)


async def assign(tx: Transaction, alert_id: UUID, seen: Seen, owner: str) -> Alert:
    """Hand an alert over to somebody."""
    alert = await _locked(tx, alert_id, seen)
    alert.expect(Move.ASSIGN)
    alert.owner = owner
    return await _done(tx, alert, Move.ASSIGN)


async def snooze(tx: Transaction, alert_id: UUID, seen: Seen, until: date) -> Alert:
    """Let an alert press nobody until a day is over; raises InvalidError for one that is over already."""
    if until < tx.day:
        detail = f"{until} is over: snooze until today or later."
        raise InvalidError("snoozed_until_past", detail, errors=[FieldError("/until", detail)])
    alert = await _locked(tx, alert_id, seen)
    alert.expect(Move.SNOOZE)
    alert.snoozed_until = until
    return await _done(tx, alert, Move.SNOOZE)


async def resolve(tx: Transaction, alert_id: UUID, seen: Seen, resolution: str) -> Alert:
    """Note what was done; it rings again only once the KPI has recovered and is in breach anew."""
    alert = await _locked(tx, alert_id, seen)
    alert.resolve(resolution, tx.actor, tx.now)
    return await _done(tx, alert, Move.RESOLVE)


async def _locked(tx: Transaction, alert_id: UUID, seen: Seen) -> Alert:
    alert = await store.lock(tx, alert_id)
    expect_version(alert, seen)
    return alert


async def _done(tx: Transaction, alert: Alert, move: Move) -> Alert:
    after = {
        "status": alert.status,
        "owner": alert.owner,
        "snoozed_until": alert.snoozed_until,
        "resolution": alert.resolution,
    }
    tx.audit(move.value, ALERT, alert.id, after=after)
    await tx.flush()
    return alert
