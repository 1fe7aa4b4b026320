"""What is found of an invoice: of the whole of it, and of each line against that of its order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from procurement.invoices import store as invoices
from procurement.invoices.model import SupplierInvoice, SupplierInvoiceLine
from procurement.matching import store
from procurement.matching.commands.crediting import Credit, taken_back
from procurement.matching.commands.standing import Standing, charged
from procurement.matching.model import InvoiceLineMatch
from procurement.matching.queries import MATCHING
from procurement.matching.rules import judging
from procurement.matching.rules.exceptions import ExceptionKind, Finding
from procurement.matching.rules.payable import adjustment_findings, payable_findings
from procurement.matching.rules.tolerances import Matching
from procurement.matching.rules.turns import Key, Sum
from procurement.suppliers import store as suppliers
from procurement.suppliers.rules import SupplierStatus
from purveyor import policies
from purveyor.db import Transaction
from purveyor.policies import History, Place

NOTHING = Decimal(0)
Matches = Mapping[int, InvoiceLineMatch]


async def findings_of(
    tx: Transaction,
    invoice: SupplierInvoice,
    standing: Standing,
    matches: Matches,
    credits: Sequence[Credit],
    left: Mapping[Key, Sum],
) -> list[Finding]:
    """Return all that keeps an invoice from being matched, as it and its orders stand."""
    history = await policies.history(tx, MATCHING)
    whole = history.in_force(invoice.issued_on, Place(supplier_id=invoice.supplier_id)).value
    found = [*_of_rules(invoice), *await _of_supplier(tx, invoice)]
    found += payable_findings(invoice.rounding, invoice.prepaid, invoice.adjustments)
    for line in invoice.lines:
        found += adjustment_findings(line.adjustments, line.position)
    found += _of_currency(invoice, standing, matches)
    if invoice.is_credit_note:
        found += _of_credits(invoice, standing, matches, left)
    else:
        found += _of_lines(invoice, standing, matches, taken_back(credits), history)
    missing = [line.position for line in invoice.lines if line.position not in matches]
    found += judging.unmatched(missing, any_assigned=bool(matches), names_order=bool(standing.orders))
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
        found += await _beside_lines(tx, invoice, standing, matches, credits, whole)
    return found


async def _beside_lines(
    tx: Transaction,
    invoice: SupplierInvoice,
    standing: Standing,
    matches: Matches,
    credits: Sequence[Credit],
    policy: Matching,
) -> list[Finding]:
    """Return what is charged or not taken off beside lines, with what came before all told."""
    counting = {one.invoice_id: one.turn for one in await store.counting(tx, standing.orders)}
    others = await invoices.whole(tx, [one for one in counting if one != invoice.id])
    of_it = {one.id for one in credits}
    earlier = [one for one in others if counting[one.id] < invoice.id]
    own = [invoice, *(one for one in others if one.id in of_it)]
    charges = _beside(own, is_charge=True)
    before = _beside(earlier, is_charge=True)
    if invoice.id not in counting:
        later = (one for one in others if counting[one.id] > invoice.id and not one.is_credit_note)
        before += max(_beside(later, is_charge=True), NOTHING)
    found = list(judging.freight_findings(charges, standing.freight(), before, policy))
    invoiced = {key: one.charged.quantity for key, one in standing.ordered.items()}
    for match in matches.values():
        invoiced[match.order_id, match.line_number] += match.quantity or NOTHING
    for key, taken in taken_back(credits).items():
        if key in invoiced:
            invoiced[key] -= taken.quantity
    allowances = _beside([*earlier, *own], is_charge=False)
    found += judging.rebate_findings(allowances, standing.rebates(invoiced), invoice.currency, policy)
    return found


def _beside(several: Iterable[SupplierInvoice], *, is_charge: bool) -> Decimal:
    """Return what invoices charge or take off beside lines; credit notes take it back."""
    return sum(
        (
            (-1 if one.is_credit_note else 1) * (each.amount or NOTHING)
            for one in several
            for each in one.adjustments
            if each.is_charge is is_charge
        ),
        NOTHING,
    )


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


def _of_currency(invoice: SupplierInvoice, standing: Standing, matches: Matches) -> Iterator[Finding]:
    currencies = {standing.ordered[one.order_id, one.line_number].currency for one in matches.values()}
    for currency in sorted(currencies - {invoice.currency}):
        why = f"It is in {invoice.currency}, and its order in {currency}."
        yield Finding(ExceptionKind.CURRENCY, why)


def _assigned(
    invoice: SupplierInvoice, matches: Matches
) -> Iterator[tuple[SupplierInvoiceLine, InvoiceLineMatch, Key]]:
    for line in invoice.lines:
        match = matches.get(line.position)
        if match is not None:
            yield line, match, (match.order_id, match.line_number)


def _of_lines(
    invoice: SupplierInvoice,
    standing: Standing,
    matches: Matches,
    credited: Mapping[Key, Sum],
    history: History[Matching],
) -> Iterator[Finding]:
    """Yield what is wrong with lines, one by one, and with the price of all of them of a line of an order."""
    lines: dict[Key, list[judging.Charged]] = defaultdict(list)
    for line, match, key in _assigned(invoice, matches):
        ordered, taken = standing.ordered[key], credited.get(key, Sum())
        judged = charged(line, match.quantity)
        own = sum((one.sum for one in lines[key]), Sum()) - taken
        policy = _policy(invoice, standing, key, history)
        invoiced = ordered.invoiced + own.quantity
        yield from judging.findings_of_line(judged, ordered, ordered.charged + own, invoiced, policy)
        lines[key].append(judged)
    for key, charging in lines.items():
        ordered, taken = standing.ordered[key], credited.get(key, Sum())
        if ordered.currency != invoice.currency:
            for one in charging:
                yield judging.price_in_another_currency(one, invoice.currency, ordered)
        else:
            policy = _policy(invoice, standing, key, history)
            yield from judging.price_findings(charging, ordered, taken, policy)


def _of_credits(
    invoice: SupplierInvoice, standing: Standing, matches: Matches, left: Mapping[Key, Sum]
) -> Iterator[Finding]:
    rest = dict(left)
    for line, match, key in _assigned(invoice, matches):
        ordered, before = standing.ordered[key], rest.get(key, Sum())
        judged = charged(line, standing.quantity(line, key))
        yield from judging.credit_findings(judged, ordered, before)
        if match.quantity is not None:
            rest[key] = before + Sum(match.quantity, match.net_amount)


def _policy(invoice: SupplierInvoice, standing: Standing, key: Key, history: History[Matching]) -> Matching:
    order, bought = standing.orders[key[0]], standing.lines[key]
    place = Place(
        supplier_id=order.supplier_id,
        item=bought.item,
        category=bought.category,
        site=order.site,
        business_unit=order.business_unit,
    )
    return history.in_force(invoice.issued_on, place).value
