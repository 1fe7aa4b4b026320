"""Versions that nobody has answered in time."""

from __future__ import annotations

from datetime import date

from procurement.orders.rules import states
from procurement.orders.rules.states import Action
from procurement.orders.store import rows
from procurement.responses import rules, store
from procurement.responses.commands.answering import ORDER
from procurement.responses.queries import ACKNOWLEDGEMENT_DUE
from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import Place
from purveyor_contract.events.procurement.promises import POAcknowledgementOverdue
from purveyor_messaging.outbox import record


async def find_overdue_acknowledgements(tx: Transaction, business_date: date) -> None:
    """Find versions that were not answered in time, each once; → POAcknowledgementOverdue.

    A version is overdue when its last day is over at the site: that is the site's today, or the business date
    where that is earlier.
    """
    due = await policies.history(tx, ACKNOWLEDGEMENT_DUE)
    for one in await store.unanswered(tx):
        place = Place(supplier_id=one.supplier_id, site=one.site, business_unit=one.business_unit)
        last_day = rules.answer_by(one.issued_on, due.in_force(one.issued_on, place).value)
        day = min(business_date, one.today)
        if day <= last_day:
            continue
        order = await rows.lock(tx, one.order_id)
        if order is None or order.current_version != one.version or order.acknowledged_on is not None:
            continue
        if Action.RESPOND not in states.allowed_actions(order.status):
            continue
        store.note_overdue(tx, order.id, one.version, last_day, day)
        record(
            tx,
            order,
            POAcknowledgementOverdue(
                order_id=order.id,
                supplier_id=order.supplier_id,
                number=order.number,
                version=one.version,
                issued_on=one.issued_on,
                answer_by=last_day,
                found_on=day,
            ),
        )
        tx.audit("find_overdue_acknowledgement", ORDER, order.id, after={"version": one.version})
    await tx.flush()
