"""Buyers decide of what suppliers would have otherwise, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from procurement.amendments.commands import draft_amendment
from procurement.amendments.rules import Proposal
from procurement.orders.model import PurchaseOrder
from procurement.promises import commands as promises
from procurement.responses import rules, store
from procurement.responses.commands.answering import ORDER, accept, locked
from procurement.responses.model import Response, ResponseChange
from procurement.responses.rules import Changed, Decision
from procurement.sites import store as sites
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor_contract.events.procurement.promises import DecidedChange, POResponseDecided
from purveyor_messaging.outbox import record


async def decide(
    tx: Transaction,
    order_id: UUID,
    version: int,
    response_id: UUID,
    decisions: Mapping[int, Decision],
    reason: str,
    told: str | None,
) -> Response:
    """Take or refuse what a supplier would have otherwise; → POResponseDecided.

    Days that are taken are promised (→ PromiseChanged), anything else drafts an amendment, which another
    approves. They are of the answer that was seen, by its id. When all that was said is other days, and all
    are taken, the version is accepted (→ POAcknowledged).
    """
    order = await locked(tx, order_id, None)
    if not 0 < version <= order.current_version:
        raise NotFoundError("purchase order version", version)
    rules.check_answered(version, order.current_version)
    answers = await store.of_version(tx, order_id, version)
    if not answers:
        raise NotFoundError("purchase order response", version)
    answer = answers[-1]
    rules.check_answers_seen(response_id, answer.id)
    rules.check_taker(tx.actor, answer.authors, decisions.values())
    await tx.session.refresh(order, ["lines"])
    undecided = {change.number: change.line_number for change in answer.undecided}
    rules.check_decided(decisions, undecided, order.lines_now())
    today = await sites.business_day(tx, order.site)
    decided = [change for change in answer.changes if change.number in decisions]
    for change in decided:
        decision = rules.decided_as(change.field, decisions[change.number])
        change.decide(decision, tx.actor, tx.now, reason, told)
    taken = [change.change() for change in decided if change.decision != Decision.REFUSED]
    if dates := rules.dates_taken(taken):
        await promises.take_dates(tx, order, dates, today, reason, told, by_supplier=answer.by_supplier)
    if any(change.field != Changed.PROMISED_ON for change in taken):
        lines = rules.with_taken(order.stated().lines, taken)
        proposal = Proposal(version, {}, lambda free: lines, (), reason, told)
        amendment = await draft_amendment(tx, order_id, proposal, answer.authors)
        answer.amendment_id = amendment.id
    _tell_decided(tx, order, answer, decided, today, reason, told)
    if answer.changes and answer.is_agreed:
        await accept(tx, order, today, answer.supplier_reference, by_supplier=answer.by_supplier)
    await tx.flush()
    tx.audit(
        "decide_response",
        ORDER,
        order_id,
        after={
            "version": version,
            "changes": [[change.number, change.decision] for change in decided],
            "amendment_id": answer.amendment_id,
            "reason_for_supplier": told,
        },
        reason=reason,
    )
    return answer


def _tell_decided(
    tx: Transaction,
    order: PurchaseOrder,
    response: Response,
    decided: Sequence[ResponseChange],
    on: date,
    reason: str,
    told: str | None,
) -> None:
    record(
        tx,
        order,
        POResponseDecided(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            version=response.version,
            response_id=response.id,
            decided_on=on,
            changes=tuple(
                DecidedChange(
                    number=one.number,
                    line_number=one.line_number,
                    schedule_number=one.schedule_number,
                    field=Changed(one.field).value,
                    after=one.after,
                    decision=_told(one),
                )
                for one in decided
            ),
            amendment_id=response.amendment_id,
            reason=reason,
            reason_for_supplier=told,
            decided_by=tx.actor,
        ),
    )


def _told(change: ResponseChange) -> Literal["taken", "proposed", "refused"]:
    if change.decision == Decision.TAKEN:
        return "taken"
    return "proposed" if change.decision == Decision.PROPOSED else "refused"
