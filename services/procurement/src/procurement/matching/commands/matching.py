"""An invoice is matched: its lines are assigned and judged, and it stands as that makes it stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from procurement.invoices import store as invoices
from procurement.invoices.model import SupplierInvoice
from procurement.invoices.rules.states import OPEN, InvoiceAction, InvoiceStatus
from procurement.matching import store
from procurement.matching.commands.counting import count, uncount
from procurement.matching.commands.standing import Key, Standing, assigned, charged, stand
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
from procurement.matching.rules.payable import adjustment_findings, payable_findings
from procurement.matching.rules.tolerances import Matching
from procurement.suppliers import store as suppliers
from procurement.suppliers.rules import SupplierStatus
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.policies import History, Place
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
    credits = await _credit_notes(tx, looked)
    taken_back = [line for lines in credits.values() for line in lines]
    standing = await stand(tx, looked, [*await store.matches(tx, [invoice_id]), *taken_back])
    invoice = await invoices.lock(tx, invoice_id)
    if invoice is None:
        raise NotFoundError("invoice", invoice_id)
    matches = {one.position: one for one in await store.matches(tx, [invoice_id])}
    if InvoiceStatus(invoice.status) not in OPEN:
        await _close(tx, invoice, standing, matches, credits)
        return invoice
    await _assign(tx, invoice, standing, matches)
    findings = await _findings(tx, invoice, standing, matches, credits)
    before = invoice.status
    changed, open_ones = await _note(tx, invoice, standing, findings)
    await _stand(tx, invoice, standing, matches, credits, changed, open_ones)
    await tx.flush()
    for one in matches.values():
        one.is_watched = True
    for one in (*matches.values(), *taken_back):
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
    credits: Mapping[UUID, Sequence[InvoiceLineMatch]],
) -> None:
    """Watch an invoice no more; what was rejected or taken back whole counts no more, and no credit of it."""
    ended = invoice.status in {InvoiceStatus.REJECTED, InvoiceStatus.CANCELLED}
    if ended:
        uncount(tx, invoice, standing, matches.values())
    for credit_note_id, lines in credits.items():
        credit_note = await invoices.look(tx, credit_note_id)
        if credit_note is not None:
            (uncount if ended else count)(tx, credit_note, standing, lines)
    for one in matches.values():
        one.is_watched = False
    await tx.flush()


async def _assign(
    tx: Transaction, invoice: SupplierInvoice, standing: Standing, matches: dict[int, InvoiceLineMatch]
) -> None:
    found = await assigned(tx, invoice, standing, matches)
    sign = -1 if invoice.is_credit_note else 1
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
        if match is not None and not match.counts:
            key = match.order_id, match.line_number
            quantity = standing.quantity(line, key)
            match.quantity = None if quantity is None else sign * quantity
            ordered = standing.ordered[key]
            judged = charged(line, quantity, Decimal(0))
            match.price_variance = None if quantity is None else judging.variance(judged, ordered)
    await tx.flush()


async def _credit_notes(tx: Transaction, invoice: SupplierInvoice) -> dict[UUID, list[InvoiceLineMatch]]:
    """Return what credit notes take back of an invoice, by credit note."""
    if invoice.is_credit_note:
        return {}
    ids = await invoices.credit_notes_of(tx, invoice.id)
    found: dict[UUID, list[InvoiceLineMatch]] = {one: [] for one in ids}
    for match in await store.matches(tx, ids):
        found[match.invoice_id].append(match)
    return found


async def _findings(
    tx: Transaction,
    invoice: SupplierInvoice,
    standing: Standing,
    matches: Mapping[int, InvoiceLineMatch],
    credits: Mapping[UUID, Sequence[InvoiceLineMatch]],
) -> list[Finding]:
    history = await policies.history(tx, MATCHING)
    whole = history.in_force(invoice.issued_on, Place(supplier_id=invoice.supplier_id)).value
    found = [*_of_rules(invoice), *await _of_supplier(tx, invoice)]
    found += payable_findings(invoice.rounding, invoice.prepaid, invoice.adjustments)
    for line in invoice.lines:
        found += adjustment_findings(line.adjustments, line.position)
    charged_before = await _charged_by(tx, invoice.preceding_id)
    found += _of_lines(invoice, standing, matches, credits, history, charged_before)
    if invoice.possible_duplicates:
        alike = len(invoice.possible_duplicates)
        why = f"{alike} other of the supplier over the same amount, of about the same time or order."
        found.append(Finding(ExceptionKind.DUPLICATE, why))
    taxed = [
        (one.taxable_amount, one.category.rate)
        for one in invoice.breakdown
        if one.taxable_amount is not None and one.category and one.category.rate is not None
    ]
    found += judging.tax_findings(invoice.currency, invoice.tax, taxed, whole)
    if standing.orders and not invoice.is_credit_note:
        charges = _charges(invoice)
        others = await invoices.whole(tx, await store.counted_invoices(tx, standing.orders, invoice.id))
        before = sum((_charges(one) for one in others), Decimal(0))
        found += judging.freight_findings(charges, standing.freight(), before, whole)
    return found


async def _charged_by(tx: Transaction, invoice_id: UUID | None) -> dict[Key, Decimal] | None:
    """Return what an invoice charges of lines of orders; None where no invoice is said."""
    if invoice_id is None:
        return None
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for one in await store.matches(tx, [invoice_id]):
        found[one.order_id, one.line_number] += one.quantity or Decimal(0)
    return found


def _charges(invoice: SupplierInvoice) -> Decimal:
    sign = -1 if invoice.is_credit_note else 1
    return sign * sum((one.amount or Decimal(0) for one in invoice.adjustments if one.is_charge), Decimal(0))


def _of_rules(invoice: SupplierInvoice) -> Iterator[Finding]:
    """Yield the rules that an invoice breaks: once a line, and once for the whole of it."""
    by_line: dict[int | None, list[str]] = defaultdict(list)
    for one in invoice.violations:
        _, _, rest = one.at.partition("/lines/")
        index = rest.partition("/")[0]
        position = int(index) + 1 if index.isdecimal() else None
        by_line[position].append(f"{one.rule}, {one.term} is {one.value}: {one.detail}")
    for position, said in by_line.items():
        yield Finding(ExceptionKind.RULE, " ".join(dict.fromkeys(said))[:2000], position)


async def _of_supplier(tx: Transaction, invoice: SupplierInvoice) -> list[Finding]:
    seller = await suppliers.lock_seller(tx, invoice.supplier_id)
    if seller is None:
        return []
    reasons = [block["reason"] for block in seller.blocks if block["categories"] is None]
    if seller.status not in {SupplierStatus.APPROVED, SupplierStatus.MERGED}:
        reasons.append(
            f"it is {seller.status}" + (f": {seller.status_reason}" if seller.status_reason else "")
        )
    if not reasons:
        return []
    return [Finding(ExceptionKind.BLOCKED_SUPPLIER, f"The supplier is blocked: {'; '.join(reasons)}.")]


def _of_lines(
    invoice: SupplierInvoice,
    standing: Standing,
    matches: Mapping[int, InvoiceLineMatch],
    credits: Mapping[UUID, Sequence[InvoiceLineMatch]],
    history: History[Matching],
    charged_before: Mapping[Key, Decimal] | None,
) -> Iterator[Finding]:
    credited: dict[Key, Decimal] = defaultdict(Decimal)
    for lines in credits.values():
        for one in lines:
            credited[one.order_id, one.line_number] -= one.quantity or Decimal(0)
    so_far = {key: ordered.invoiced for key, ordered in standing.ordered.items()}
    if charged_before is not None:
        so_far = {key: charged_before.get(key, Decimal(0)) for key in so_far}
    for lines in credits.values():
        for one in lines:
            if one.counts and (one.order_id, one.line_number) in so_far:
                so_far[one.order_id, one.line_number] -= one.quantity or Decimal(0)
    currencies = set()
    for line in invoice.lines:
        match = matches.get(line.position)
        if match is None:
            continue
        key = match.order_id, match.line_number
        ordered, bought = standing.ordered[key], standing.lines[key]
        if ordered.currency != invoice.currency:
            currencies.add(ordered.currency)
            continue
        order = standing.orders[match.order_id]
        place = Place(
            supplier_id=order.supplier_id,
            item=bought.item,
            category=bought.category,
            site=order.site,
            business_unit=order.business_unit,
        )
        policy = history.in_force(invoice.issued_on, place).value
        quantity = None if match.quantity is None else abs(match.quantity)
        taken_back = min(credited[key], quantity or Decimal(0))
        credited[key] -= taken_back
        judged = charged(line, quantity, taken_back)
        yield from judging.findings_of_line(
            judged, ordered, so_far[key], policy, takes_back=invoice.is_credit_note
        )
        so_far[key] += (quantity or Decimal(0)) * (-1 if invoice.is_credit_note else 1) - taken_back
    for currency in sorted(currencies):
        why = f"It is in {invoice.currency}, and its order in {currency}."
        yield Finding(ExceptionKind.CURRENCY, why)
    missing = [line.position for line in invoice.lines if line.position not in matches]
    yield from judging.unmatched(missing, any_assigned=bool(matches), names_order=bool(standing.orders))


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
    credits: Mapping[UUID, Sequence[InvoiceLineMatch]],
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
    both = {invoice.id: list(matches.values())} | {key: list(lines) for key, lines in credits.items()}
    if invoice.preceding_id is not None:
        both = {}  # it counts as its invoice does
    for invoice_id, lines in both.items():
        told = await invoices.look(tx, invoice_id)
        if told is not None:
            (count if is_matched else uncount)(tx, told, standing, lines)
    if is_matched and before not in {InvoiceStatus.MATCHED, InvoiceStatus.APPROVED}:
        record(tx, invoice, matched_event(invoice, standing, matches.values()))
    elif not is_matched and (changed or invoice.status != before):
        record(tx, invoice, exception_event(invoice, open_ones))
