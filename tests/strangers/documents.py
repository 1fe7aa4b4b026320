"""Documents that suppliers are sent, validated by phive: UBL's own schemas, and Peppol's rules."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from tests.strangers.tools import HERE, Run, said

from procurement.amounts.rules.adjustments import Adjustment
from procurement.documents.rules.ubl import ordering
from procurement.documents.rules.ubl.ordering import Exchange, ItemNumbers, Place
from procurement.documents.rules.ubl.parties import Address, Contact, Correspondent, of_supplier
from procurement.documents.rules.ubl.reading import Identifier
from procurement.documents.rules.ubl.receiving import Receipt, ReceivedLine, receipt_advice
from procurement.orders.rules.drafts import DraftLine, DraftOrder, order_amounts
from procurement.orders.rules.schedules import Schedule
from procurement.orders.rules.versions import Version
from procurement.receipts.rules.rejecting import RejectedIs, RejectionKind
from procurement.taxes.rules import TaxRate

HAMBURG = Address("Hafenstraße 12", "Tor 3", "20457", "Hamburg", None, (), "DE")
ENDPOINT, NUMBERS = of_supplier([("PEPPOL", "0088:7302347231110"), ("LEI", "529900T8BM49AURSDO55")])
BARE = Exchange(
    Correspondent("drives", Identifier("0088", "7300010000001")),
    Correspondent("Schraubenwerk Nord GmbH", ENDPOINT, address=Address(country="CH")),
    Place("HAM-1", None, Address()),
)
FULL = Exchange(
    Correspondent(
        "Nordwind Antriebe GmbH",
        Identifier("0088", "7300010000001"),
        (Identifier("0204", "991-01484-64"),),
        Identifier("0204", "991-01484-64"),
        "DE136695976",
        HAMBURG,
        Contact("Purchasing", "+49 40 1234567", "purchasing@example.com"),
    ),
    Correspondent("Schraubenwerk Nord GmbH", ENDPOINT, NUMBERS, address=Address(country="CH")),
    Place("Hamburg, hall 1", "4006381000017", HAMBURG),
    "30 days net",
    {("M8-HEX-40", "C62"): ItemNumbers("04006381333931", "NS-8040-Z")},
)
DAY = date(2026, 3, 2)
LINE = DraftLine(
    line_number=1,
    item="M8-HEX-40",
    description="Hexagon bolt M8 × 40 <zinc & more>",
    category="fasteners",
    quantity=Decimal("2500.5"),
    unit="C62",
    price=Decimal("8.4025"),
    price_base_quantity=Decimal(100),
    promised_on=date(2026, 3, 20),
)
TAXED = replace(
    LINE,
    line_number=2,
    tax_code="S",
    allowances=(Adjustment("damaged box", percent=Decimal("12.5"), reason_code="95"),),
    charges=(Adjustment("cutting", amount=Decimal("3.50")),),
    schedules=(
        Schedule(1, Decimal("2000"), date(2026, 3, 20)),
        Schedule(2, Decimal("500.5"), date(2026, 4, 20)),
    ),
)
BARE_ORDER = DraftOrder(
    supplier_id=UUID(int=1),
    currency="EUR",
    site="HAM-1",
    business_unit="drives",
    cost_centre="4711",
    ordered_on=DAY,
    lines=(LINE,),
)
FULL_ORDER = replace(
    BARE_ORDER,
    lines=(replace(LINE, tax_code="Z"), TAXED),
    payment_terms="30",
    incoterm="DAP",
    delivery_place="Hamburg",
    allowances=(Adjustment("rebate", percent=Decimal(2), tax_code="S"),),
    charges=(Adjustment("freight", amount=Decimal(90), tax_code="Z", reason_code="FC"),),
    tax_rates=(TaxRate("S", "S", Decimal(19)), TaxRate("Z", "Z", Decimal(0))),
)


def version(number: int, content: DraftOrder) -> Version:
    """Return a version of an order."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    return Version(number, content, order_amounts(content), ["robin"], "alex", at, "bea", at)


def written() -> Iterator[tuple[str, bytes]]:
    """Yield documents with all that they may say, and with as little as they can, each under its kind."""
    full, bare = version(1, FULL_ORDER), version(1, BARE_ORDER)
    changed = replace(
        version(2, replace(FULL_ORDER, lines=(TAXED, replace(LINE, line_number=3, tax_code="S")))),
        reason_for_supplier="as you answered",
    )
    yield "Order-full", ordering.order("PO-000042", full, DAY, FULL)
    yield "Order-bare", ordering.order("PO-000042", bare, DAY, BARE)
    yield "OrderChange-full", ordering.order_change("PO-000042", changed, full, DAY, FULL)
    yield "OrderChange-bare", ordering.order_change("PO-000042", version(2, BARE_ORDER), bare, DAY, BARE)
    yield "OrderCancellation-full", ordering.order_cancellation("PO-000042", DAY, "no longer needed", FULL)
    yield "OrderCancellation-bare", ordering.order_cancellation("PO-000042", DAY, None, BARE)
    refused = (Decimal(3), RejectionKind.DAMAGED, "thread damaged", RejectedIs.OWED_AGAIN)
    lines = [
        ReceivedLine(1, LINE.description, LINE.item, "C62", Decimal(10), *refused),
        ReceivedLine(2, LINE.description, LINE.item, "C62", Decimal(7), Decimal(0), None, None, None),
    ]
    receipt = Receipt("GR-000042", "PO-000042", DAY, DAY, time(12, 0, 1), "LS-1", "9", lines)
    yield "ReceiptAdvice-full", receipt_advice(receipt, None, FULL)
    yield "ReceiptAdvice-bare", receipt_advice(replace(receipt, despatch_reference=None), None, BARE)


def phive(run: Run) -> str:
    """Let phive validate what is written: against UBL's schemas, and by Peppol's rules for orders."""
    folder = run.folder / "documents"
    sources, documents = folder / "src" / "main" / "java" / "example", folder / "written"
    sources.mkdir(parents=True)
    documents.mkdir()
    shutil.copy(HERE / "java" / "Documents.java", sources)
    shutil.copy(HERE / "java" / "documents.xml", folder / "pom.xml")
    for name, document in written():
        (documents / f"{name}.xml").write_bytes(document)
    goals = ("compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath")
    said(folder, "mvn", "--quiet", "--batch-mode", *goals)
    classes = f"{folder}/target/classes:{(folder / 'classpath').read_text()}"
    return said(folder, "java", "-cp", classes, "example.Documents", documents)
