"""An invoice is matched: its lines are assigned and judged, and it stands as that makes it stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from procurement.invoices import store as invoices
from procurement.invoices.model import SupplierInvoice
from procurement.invoices.rules.states import OPEN, InvoiceAction, InvoiceStatus
from procurement.matching import store
from procurement.matching.commands.counting import count, uncount
from procurement.matching.commands.crediting import Credit, credits_of, left_of
from procurement.matching.commands.finding import findings_of
from procurement.matching.commands.standing import Standing, assigned, charged, stand
from procurement.matching.commands.told import exception_event, matched_event
from procurement.matching.model import InvoiceException, InvoiceLineMatch
from procurement.matching.queries import MATCHING
from procurement.matching.rules import judging
from procurement.matching.rules.exceptions import (
    OWNERS,
    ExceptionKind,
    Finding,
    Resolution,
    merged,
    only_waits,
    still_accepted,
)
from procurement.matching.rules.turns import Key, Sum
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.policies import Place
from purveyor_contract.roles import Role
from purveyor_messaging.outbox import record

INVOICE = "supplier_invoice"


async def match_invoice(tx: Transaction, invoice_id: UUID) -> SupplierInvoice:
    """Match an invoice against its orders as they stand.

    → InvoiceMatched, InvoiceException, OrderLineInvoiced.

    Its orders are locked before it, always in one order. What was matched and is so no more counts no more.
    """
    looked = await invoices.look(tx, invoice_id)
    if looked is None:
        raise NotFoundError("invoice", invoice_id)
    credited = [line for credit in await credits_of(tx, invoice_id) for line in credit.lines]
    standing = await stand(tx, looked, [*await store.matches(tx, [invoice_id]), *credited])
    invoice = await invoices.lock(tx, invoice_id)
    if invoice is None:
        raise NotFoundError("invoice", invoice_id)
    matches = {one.position: one for one in await store.matches(tx, [invoice_id])}
    credits = await credits_of(tx, invoice_id)
    if InvoiceStatus(invoice.status) not in OPEN:
        await _close(tx, invoice, standing, matches, credits)
        return invoice
    left = await left_of(tx, invoice, standing) if invoice.is_credit_note else {}
    if await _assign(tx, invoice, standing, matches, left):
        _look_again(credits)
    findings = await findings_of(tx, invoice, standing, matches, credits, left)
    before = invoice.status
    changed, open_ones = await _note(tx, invoice, standing, findings)
    await _stand(tx, invoice, standing, matches, credits, changed, open_ones)
    await tx.flush()
    for one in matches.values():
        one.is_watched = True
        if one.order_id in standing.orders:
            one.order_version = standing.orders[one.order_id].version
    await tx.flush()
    if invoice.status != before or changed:
        after = {"status": invoice.status, "exceptions": [one.kind for one in open_ones]}
        tx.audit("match", INVOICE, invoice.id, before={"status": before}, after=after)
    if invoice.status != before and invoice.preceding_id is not None:
        await match_invoice(tx, invoice.preceding_id)
    return invoice


async def _close(
    tx: Transaction,
    invoice: SupplierInvoice,
    standing: Standing,
    matches: Mapping[int, InvoiceLineMatch],
    credits: Sequence[Credit],
) -> None:
    """Watch an invoice no more; what was rejected or taken back whole counts no more, and no credit of it."""
    ended = invoice.status in {InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED}
    if ended:
        uncount(tx, invoice, standing, matches.values())
    await _count_credits(tx, standing, credits, counts=not ended)
    for one in matches.values():
        one.is_watched = False
    await tx.flush()


async def _count_credits(
    tx: Transaction, standing: Standing, credits: Sequence[Credit], *, counts: bool
) -> None:
    """Let credit notes count as their invoice does, but only while they are matched themselves."""
    for credit in credits:
        credit_note = await invoices.look(tx, credit.id)
        if credit_note is not None:
            change = count if counts and credit.is_matched else uncount
            change(tx, credit_note, standing, credit.lines)


def _look_again(credits: Sequence[Credit]) -> None:
    """Let credit notes be matched again, because their invoice is for other lines than before."""
    for credit in credits:
        for line in credit.lines:
            line.order_version = 0


async def _assign(
    tx: Transaction,
    invoice: SupplierInvoice,
    standing: Standing,
    matches: dict[int, InvoiceLineMatch],
    left: Mapping[Key, Sum],
) -> bool:
    """Say which lines are for which, and how much of these; return whether that is otherwise than before."""
    before = _taken(matches)
    found = await assigned(tx, invoice, standing, matches)
    sign, rest = -1 if invoice.is_credit_note else 1, dict(left)
    for line in invoice.lines:
        match, best = matches.get(line.position), found.get(line.position)
        if match is None and best is not None:
            match = matches[line.position] = InvoiceLineMatch(
                invoice_id=invoice.id,
                position=line.position,
                counts=False,
                is_watched=True,
                order_version=standing.orders[best.order_id].version,
                net_amount=sign * line.net_amount,
            )
            match.find(best)
            tx.session.add(match)
        elif match is not None and best is not None and not match.counts:
            match.find(best)
        if match is None:
            continue
        key = match.order_id, match.line_number
        if not match.counts:
            judged, ordered = charged(line, standing.quantity(line, key)), standing.ordered[key]
            match.price_variance = None if judged.quantity is None else judging.variance(judged, ordered)
            match.quantity = judged.quantity
            if invoice.is_credit_note and judged.quantity is not None:
                taken = judging.credited(judged, rest.get(key, Sum()), invoice.currency)
                match.quantity = -taken.quantity
        if match.quantity is not None:
            rest[key] = rest.get(key, Sum()) + Sum(match.quantity, match.net_amount)
    await tx.flush()
    return before != _taken(matches)


def _taken(matches: Mapping[int, InvoiceLineMatch]) -> dict[int, tuple[UUID, int, Decimal | None]]:
    return {position: (one.order_id, one.line_number, one.quantity) for position, one in matches.items()}


async def _note(
    tx: Transaction, invoice: SupplierInvoice, standing: Standing, findings: Sequence[Finding]
) -> tuple[bool, list[InvoiceException]]:
    """Keep what was found; return whether that is otherwise than before, and what is open."""
    known = {(one.kind, one.position): one for one in await store.exceptions(tx, invoice.id)}
    found = merged(findings)
    changed = False
    history = await policies.history(tx, MATCHING)
    days = history.in_force(invoice.issued_on, Place(supplier_id=invoice.supplier_id)).value.days
    buyer = next((order.issued_by for order in standing.orders.values()), None)
    for key, finding in found.items():
        one = known.get(key)
        if one is not None and one.gone_at is None and still_accepted(one.finding(), finding):
            continue
        changed = True
        if one is None:
            role = OWNERS[finding.kind]
            one = known[key] = InvoiceException(
                invoice_id=invoice.id,
                kind=finding.kind,
                position=finding.position,
                owner_role=role,
                owner=buyer if role is Role.BUYER else None,
                due_on=tx.day + timedelta(days=days),
            )
            tx.session.add(one)
        one.find(finding, tx.now)
    for key, one in known.items():
        if key not in found and one.gone_at is None:
            changed = True
            one.go(tx.now)
    await tx.flush()
    return changed, [one for one in known.values() if one.is_open]


async def _stand(
    tx: Transaction,
    invoice: SupplierInvoice,
    standing: Standing,
    matches: Mapping[int, InvoiceLineMatch],
    credits: Sequence[Credit],
    changed: bool,
    open_ones: Sequence[InvoiceException],
) -> None:
    """Let an invoice stand as what is open of it makes it stand; it counts while it is matched."""
    before = invoice.status
    is_matched = not open_ones
    if is_matched and before != InvoiceStatus.APPROVED:
        invoice.move(InvoiceAction.MATCH)
    elif not is_matched:
        said = [
            (ExceptionKind(one.kind), None if one.resolution is None else Resolution(one.resolution))
            for one in open_ones
        ]
        waits = only_waits(said) and before != InvoiceStatus.APPROVED
        invoice.move(InvoiceAction.WAIT if waits else InvoiceAction.OBJECT)
        invoice.approved_by = invoice.approved_at = None
    if invoice.preceding_id is None:  # a credit note of an invoice counts as that does
        (count if is_matched else uncount)(tx, invoice, standing, matches.values())
        await _count_credits(tx, standing, credits, counts=is_matched)
    if is_matched and before not in {InvoiceStatus.MATCHED, InvoiceStatus.APPROVED}:
        record(tx, invoice, matched_event(invoice, standing, matches.values()))
    elif not is_matched and (changed or invoice.status != before):
        record(tx, invoice, exception_event(invoice, open_ones))
