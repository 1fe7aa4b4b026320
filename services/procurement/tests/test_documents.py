"""Versions of orders as PDF: what they say, to whom, and always in the same bytes."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from prometheus_client import generate_latest
from pypdf import PdfReader

from procurement.documents import views
from procurement.documents.rules.languages import Language
from procurement.documents.rules.orders import Document, Line
from purveyor.errors import UnavailableError
from purveyor_contract.roles import Role

from .amending import amended, kept, read
from .conftest import World, line

LETTERHEAD = {
    "legal_name": "Nordwind Antriebe GmbH",
    "address": ["Hafenstraße 12", "20457 Hamburg"],
    "country": "DE",
    "tax_number": "DE136695976",
}
HOSTILE = (
    '#include "/etc/passwd"',
    '#read("order.typ")',
    "*bold* _it_ $x^2$ `raw` @ref <label> // gone /* gone */ \\ \\u{41}",
    '"] #panic("no") [',
    "</Title> (unbalanced ) %PDF endobj",
    "= heading - list + enum",
    "~ -- --- ... 'quoted' \"double\" http://example.com",
)


async def pdf(
    by: httpx.AsyncClient, order: dict[str, object], version: int = 1, language: str = "en"
) -> bytes:
    path = f"/v1/purchase-orders/{order['id']}/versions/{version}/document"
    answer = await by.get(path, params={"language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    return answer.content


def said(found: bytes) -> str:
    """Return the text of a PDF as it is read: blanks of any width are one, and lines are joined."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(found)).pages).split())


def document(*lines: Line) -> Document:
    words = dict.fromkeys(
        ("supplier", "deliver_to", "line", "item", "quantity", "price", "promised_on", "amount"), "-"
    )
    named = {"carried": "Carried forward", "total": "Total", "page": "Page {page} of {pages}"}
    return Document(
        language=Language.ENGLISH,
        title="PO-1",
        buyer="Drives",
        address=[],
        supplier=["Bolts"],
        deliver_to=["Hall"],
        facts=[("Number", "S-1")],
        lines=lines,
        adjustments=[("freight", "12.50 EUR")],
        taxes=[("Tax S 19 %", "3.00 EUR")],
        total="9 EUR",
        words=words | named,
    )


def printed(number: int, description: str = "Hexagon bolt M8 × 40", item: str = "M8") -> Line:
    return Line(str(number), item, description, "1 pcs", "1 EUR", ["9 Mar 2026"], "1 EUR", f"sum-{number}")


def in_use(world: World) -> float:
    """Return how many connections are out, of all pools."""
    text = generate_latest(world.app.state.context.metrics.registry).decode()
    return sum(float(one) for one in re.findall(r'\{.*"in_use".*\} (\S+)', text))


async def with_letterhead(world: World) -> None:
    unit = await world.ada.get("/v1/business-units/drives")
    body = {"name": "Drives", "letterhead": LETTERHEAD}
    put = await world.ada.put(
        "/v1/business-units/drives", json=body, headers={"If-Match": unit.headers["ETag"]}
    )
    assert put.status_code == 200, put.text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                "Purchase order PO-",
                "version 1",
                "Germany",
                "Ordered on 2 Mar 2026",
                "1,250.5 pcs",
                "2.50 EUR",
                "20 Mar 2026",
                "3,126.25 EUR",
                "Total, net 3,151.25 EUR",
                "Page 1 of 1",
            ],
        ),
        (
            "de",
            [
                "Bestellung PO-",
                "Version 1",
                "Deutschland",
                "Bestellt am 02.03.2026",
                "1.250,5 Stück",
                "2,50 EUR",
                "20.03.2026",
                "3.126,25 EUR",
                "Gesamtbetrag, netto 3.151,25 EUR",
                "Seite 1 von 1",
            ],
        ),
        (
            "fr",
            [
                "Commande PO-",
                "version 1",
                "Allemagne",
                "Commandé le 2 mars 2026",
                "1 250,5 pièces",
                "2,50 EUR",
                "20 mars 2026",
                "3 126,25 EUR",
                "Total hors taxes 3 151,25 EUR",
                "Page 1 sur 1",
            ],
        ),
    ],
)
async def test_a_document_says_what_the_version_says_in_each_language(
    empty_world: World, language: str, expected: list[str]
) -> None:
    await with_letterhead(empty_world)
    order = await empty_world.issued(line(quantity="1250.5"), line(item="M10", description="Nut"))
    text = said(await pdf(empty_world.bea, order, language=language))
    for one in (*expected, order["number"], "Nordwind Antriebe GmbH", "Hafenstraße 12", "DE136695976"):
        assert one in text
    for one in ("Schraubenwerk Nord GmbH", "Hamburg, hall 1", "Hexagon bolt M8 × 40", "M10", "Nut"):
        assert one in text
    for ours in ("4711", "robin", "alex", "fasteners"):
        assert ours not in text


async def test_a_document_says_on_what_terms_the_order_is(world: World) -> None:
    cora = world.person("cora", Role.CATEGORY_MANAGER)
    terms = {"name": "30 days net", "instalments": [{"percent": "100", "days": 30}]}
    await cora.put("/v1/payment-terms/PRINTED", json=terms)
    await world.ada.put("/v1/projects/secret", json={"name": "Hall 2"})
    agreed = {"payment_terms": "PRINTED", "incoterm": "DAP", "delivery_place": "Hamburg, gate 4"}
    order = await world.order(await world.supplier(), **agreed, project="secret")
    text = said(await pdf(world.bea, await world.brought_to(order, "issued")))
    for one in ("Terms of payment", "30 days net", "Terms of delivery", "DAP Hamburg, gate 4"):
        assert one in text
    assert "secret" not in text


async def test_a_document_adds_up_with_what_is_put_on_the_order(world: World) -> None:
    rebate = {"reason": "rebate of 20 %", "percent": "20"}
    order = await world.order(
        await world.supplier(),
        line(allowances=[rebate]),
        charges=[{"reason": "freight", "amount": "12.34"}],
    )
    text = said(await pdf(world.bea, await world.brought_to(order, "issued")))
    for one in (
        "rebate of 20 %: -5.00 EUR",
        "Sum of the lines 20.00 EUR",
        "freight 12.34 EUR",
        "Total, net 32.34 EUR",
    ):
        assert one in text


async def test_a_version_that_is_past_is_the_same_bytes_as_before(world: World) -> None:
    order = await read(world, await world.issued())
    before = await pdf(world.bea, order)
    assert await pdf(world.bea, order) == before
    changed = kept(order, 1, quantity="12345")
    await amended(world, order, changed, reason_for_supplier="we need many", reason="our secret")
    assert await pdf(world.bea, order) == before
    second = said(await pdf(world.bea, order, 2))
    assert "12,345 pcs" in second
    assert "we need many" in second
    assert "our secret" not in second


async def test_a_supplier_reads_the_documents_of_its_own_orders_once_they_are_issued(world: World) -> None:
    drafted = await world.order(await world.supplier())
    sue = world.person("sue", Role.SUPPLIER, supplier_id=UUID(drafted["supplier_id"]))
    other = world.person("other", Role.SUPPLIER, supplier_id=await world.supplier())
    path = f"/v1/purchase-orders/{drafted['id']}/versions/1/document"
    assert (await world.bea.get(path)).json()["code"] == "purchase_order_version_not_found"
    assert (await sue.get(path)).json()["code"] == "purchase_order_not_found"
    order = await world.brought_to(drafted, "issued")
    assert await pdf(sue, order) == await pdf(world.bea, order)
    assert (await other.get(path)).json()["code"] == "purchase_order_not_found"
    assert (await sue.get(path.replace("/1/", "/2/"))).status_code == 404


async def test_who_has_a_document_is_not_sent_it_again(world: World) -> None:
    order = await world.issued()
    path = f"/v1/purchase-orders/{order['id']}/versions/1/document"
    first = await world.bea.get(path)
    again = await world.bea.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await world.bea.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Content-Disposition"] == f'inline; filename="{order["number"]}-1-en.pdf"'
    german = await world.bea.get(path, params={"language": "de"})
    assert german.headers["ETag"] != first.headers["ETag"]


async def test_a_document_is_not_printed_in_a_language_that_nobody_wrote(world: World) -> None:
    order = await world.issued()
    path = f"/v1/purchase-orders/{order['id']}/versions/1/document"
    assert (await world.bea.get(path, params={"language": "nl"})).json()["code"] == "validation_failed"
    refused = await world.bea.get(path, headers={"Accept": "text/html"})
    assert (refused.status_code, refused.json()["offered"][0]) == (406, "application/pdf")


async def test_texts_that_look_like_commands_are_shown_as_they_are(world: World) -> None:
    lines = [line(item=f"I-{place}", description=text) for place, text in enumerate(HOSTILE)]
    text = said(await pdf(world.bea, await world.issued(*lines)))
    for one in HOSTILE:
        assert " ".join(one.split()) in text


async def test_words_that_are_longer_than_a_line_stay_on_the_page_and_are_copied_whole() -> None:
    found = await views.pdf_of(document(printed(1, "z" * 500, "W" * 64)), None)
    [page] = PdfReader(io.BytesIO(found)).pages
    places: list[float] = []
    page.extract_text(visitor_text=lambda text, _cm, tm, _font, _size: places.append(tm[4]) if text else None)
    assert max(places) < float(page.mediabox.width)
    text = "".join(page.extract_text().split())
    assert "z" * 500 in text
    assert "W" * 64 in text


async def test_a_thousand_lines_fill_pages_with_the_sum_so_far_at_the_foot_of_each() -> None:
    lines = [printed(number, item=f"item-{number}") for number in range(1, 1001)]
    found = await views.pdf_of(document(*lines), datetime(2026, 3, 9, tzinfo=UTC))
    pages = PdfReader(io.BytesIO(found)).pages
    assert len(pages) > 20
    before = 0
    for place, page in enumerate(pages, start=1):
        text = " ".join(page.extract_text().split())
        on_it = [int(number) for number in re.findall(r"item-(\d+) ", text)]
        assert on_it == list(range(before + 1, before + 1 + len(on_it)))
        before += len(on_it)
        assert f"Page {place} of {len(pages)}" in text
        carried = re.findall(r"Carried forward sum-(\d+)", text)
        assert carried == ([str(before)] if place < len(pages) else [])
    assert before == 1000
    assert "Total 9 EUR" in text


async def test_no_connection_is_held_while_a_document_is_set(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await world.issued()
    held: list[float] = []

    async def watched(*asked: object) -> bytes:
        held.append(in_use(world))
        return b"%PDF"

    monkeypatch.setattr(views, "pdf_of", watched)
    assert await pdf(world.bea, order) == b"%PDF"
    assert held == [0]


async def test_a_document_that_takes_too_long_is_given_up_and_its_process_with_it() -> None:
    with pytest.raises(UnavailableError) as refused:
        await views.pdf_of(document(*(printed(number) for number in range(1000))), None, seconds=0.05)
    assert refused.value.code == "document_takes_too_long"
    assert await views.pdf_of(document(printed(1)), None)
