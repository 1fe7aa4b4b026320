"""The past arrives: orders and receipts of another system, by their keys there."""

import hashlib
import json
from decimal import Decimal
from typing import Any, TypeAlias

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from procurement.orders.api import imports
from procurement.orders.api.imports import ImportedLine, ImportedOrder
from procurement.receipts import api
from procurement.receipts.api import ImportedReceipt
from procurement.receipts.views import ReceiptLine
from purveyor.days import EARLIEST, LATEST
from purveyor.imported import ImportKey, SourceKey
from purveyor_contract.roles import Role

from .conftest import World, arrived, line, order_body

TO_ORDERS, TO_RECEIPTS = "/v1/purchase-orders:import", "/v1/goods-receipts:import"


def row(number: str, supplier: str = "V-1", **changes: Any) -> dict[str, Any]:
    return {
        "external_reference": number,
        "supplier_external_reference": supplier,
        "ordered_on": "2025-11-03",
        "currency": "USD",
        "site": "HAM-1",
        "business_unit": "drives",
        "cost_centre": "4711",
        "lines": [line(line_number=10, promised_on="2025-11-01", external_reference=f"{number}/10")],
    } | changes


def receipt_row(number: str, order: str, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "external_reference": number,
        "order_external_reference": order,
        "received_on": "2025-12-01",
        "lines": list(lines) or [arrived(10)],
    } | changes


async def send(
    by: httpx.AsyncClient, path: str, *rows: dict[str, Any], proposal: str | None = None
) -> list[dict[str, Any]]:
    body = "\n".join(json.dumps(row) for row in rows)
    response = await by.post(
        path,
        content=body,
        headers={"Content-Type": "application/x-ndjson"},
        params={"proposal": proposal} if proposal else {},
    )
    assert response.status_code == 200, response.text
    return [json.loads(result) for result in response.text.splitlines()]


async def let_in(world: World, path: str, *rows: dict[str, Any], proposer: str = "mika") -> None:
    """Propose rows as mika or another, and let them in as ada."""
    mika = world.person(proposer, Role.ADMIN)
    proposal = (await mika.post("/v1/imports", json={"name": "the past"})).json()["id"]
    await send(mika, path, *rows, proposal=proposal)
    digest = (await world.ada.get(f"/v1/imports/{proposal}")).json()["figures"]["digest"]
    answer = await world.ada.post(f"/v1/imports/{proposal}:approve", json={"digest": digest})
    assert answer.status_code == 200, answer.text


async def orders(world: World, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    await let_in(world, TO_ORDERS, *rows)
    return await send(world.ada, TO_ORDERS, *rows)


async def receipts(world: World, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    await let_in(world, TO_RECEIPTS, *rows)
    return await send(world.ada, TO_RECEIPTS, *rows)


async def test_an_imported_order_is_issued_with_its_business_dates_and_nothing_invented(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (result,) = await orders(world, row("A-1"))
    assert result["status"] == "created", result
    order = (await world.bea.get(f"/v1/purchase-orders/{result['id']}")).json()
    assert (order["status"], order["imported"], order["ordered_on"]) == ("issued", True, "2025-11-03")
    assert order["approved_by"] is None
    assert order["lines"][0]["external_reference"] == "A-1/10"
    ((sequence, name, event),) = await world.events_of(order)
    assert (sequence, name, event["external_reference"]) == (1, "POIssued", "A-1")
    assert event["lines"][0]["promised_on"] == "2025-11-01"


async def test_what_nobody_knows_any_more_stays_unknown(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (result,) = await orders(world, row("A-2", ordered_on=None))
    order = (await world.bea.get(f"/v1/purchase-orders/{result['id']}")).json()
    assert order["ordered_on"] is None
    (found,) = await receipts(
        world, receipt_row("R-2", "A-2", arrived(10, "10", rejected_quantity="2"), received_on="2001-01-01")
    )
    assert found["status"] == "created", found


async def test_an_order_of_the_past_was_in_the_money_of_its_day(world: World) -> None:
    supplier = await world.supplier((), external_reference="V-1")
    at_its_day = row("KUNA-1", ordered_on="2015-06-01", currency="HRK")
    too_late = row("KUNA-2", ordered_on="2024-06-01", currency="HRK")
    first, second = await orders(world, at_its_day, too_late)
    assert first["status"] == "created", first
    assert (second["status"], second["code"]) == ("refused", "currency_withdrawn")
    today = await world.robin.post("/v1/purchase-orders", json=order_body(supplier, currency="HRK"))
    assert (today.status_code, today.json()["code"]) == (422, "currency_withdrawn")
    assert today.json()["errors"][0]["pointer"] == "/currency"


async def test_an_order_of_the_past_was_on_the_terms_of_its_day(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    terms = {"payment_terms": "never here", "incoterm": "DDU", "project": "never here"}
    (result,) = await orders(world, row("TERMS-1", **terms))
    assert result["status"] == "created", result
    order = (await world.bea.get(f"/v1/purchase-orders/{result['id']}")).json()
    assert {name: order[name] for name in terms} == terms
    assert order["delivery_place"] is None
    (refused,) = await orders(world, row("TERMS-2", incoterm="FREE"))
    assert (refused["status"], refused["code"]) == ("refused", "incoterm_unknown")


async def test_a_history_may_say_that_goods_came_before_they_were_ordered(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    await orders(world, row("A-9", ordered_on="2025-10-01"))
    (found,) = await receipts(world, receipt_row("R-9", "A-9", arrived(10, "10"), received_on="2025-09-01"))
    assert found["status"] == "created", found


async def test_importing_twice_changes_nothing_and_other_content_is_refused(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (first,) = await orders(world, row("A-3"))
    (again, other) = await orders(world, row("A-3"), row("A-3", cost_centre="9999"))
    assert (again["status"], again["id"]) == ("unchanged", first["id"])
    assert (other["status"], other["code"]) == ("refused", "differs_from_import")
    (receipt,) = await receipts(world, receipt_row("R-3", "A-3"))
    (same, different) = await receipts(
        world, receipt_row("R-3", "A-3"), receipt_row("R-3", "A-3", received_on="2025-12-02")
    )
    assert (same["status"], same["id"]) == ("unchanged", receipt["id"])
    assert (different["status"], different["code"]) == ("refused", "differs_from_import")
    assert len(await world.events_of({"id": first["id"]})) == 3


async def test_a_supplier_that_has_not_arrived_yet_refuses_its_rows_and_later_takes_them(
    world: World,
) -> None:
    (result,) = await orders(world, row("A-4", supplier="V-late"))
    assert (result["status"], result["code"]) == ("refused", "supplier_unknown")
    await world.supplier((), external_reference="V-late")
    (result,) = await orders(world, row("A-4", supplier="V-late"))
    assert result["status"] == "created"


async def test_a_bad_row_says_why_and_the_good_ones_are_kept(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    results = await orders(
        world,
        row("A-5"),
        row("A-6", lines=[line(line_number=1), line(line_number=1, unit="pieces")]),
        row("A-7", site="nowhere"),
        row("A-8", ordered_on="2031-01-01"),
        row("A-9", lines=[]),
        row("A-10"),
    )
    assert [result["status"] for result in results] == ["created", *["refused"] * 4, "created"]
    assert [result["code"] for result in results[1:5]] == [
        "lines_invalid",
        "site_unknown",
        "dates_invalid",
        "row_not_valid",
    ]
    assert {error["pointer"] for error in results[1]["errors"]} == {
        "/lines/0/line_number",
        "/lines/1/line_number",
        "/lines/1/unit",
    }


async def test_imported_receipts_close_their_order_on_the_business_day_of_the_last(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (order,) = await orders(world, row("A-11"))
    results = await receipts(
        world,
        receipt_row("R-11a", "A-11", arrived(10, "6"), received_on="2025-12-24"),
        receipt_row("R-11b", "A-11", arrived(10, "4"), received_on="2025-12-03"),
        receipt_row("R-11d", "A-none"),
    )
    assert [(result["status"], result["code"]) for result in results] == [
        ("created", None),
        ("created", None),
        ("refused", "order_unknown"),
    ]
    events = await world.events_of(order)
    assert [(number, name) for number, name, _ in events] == [
        (1, "POIssued"),
        (2, "GoodsReceived"),
        (3, "GoodsReceived"),
        (4, "POClosed"),
    ]
    assert events[3][2]["closed_on"] == "2025-12-24"


async def test_what_came_beyond_the_order_is_taken_as_it_was_also_after_its_last(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (order,) = await orders(world, row("A-12"))
    results = await receipts(
        world,
        receipt_row("R-12a", "A-12", arrived(10, "11")),
        receipt_row("R-12b", "A-12", arrived(10, "5"), received_on="2025-12-24"),
    )
    assert [result["status"] for result in results] == ["created", "created"]
    found = (await world.bea.get(f"/v1/purchase-orders/{order['id']}")).json()
    assert (found["status"], found["closed_on"]) == ("closed", "2025-12-01")
    assert found["lines"][0]["received_quantity"] == "16"
    events = await world.events_of(order)
    assert [name for _, name, _ in events] == ["POIssued", "GoodsReceived", "POClosed", "GoodsReceived"]


async def test_a_delivery_note_of_the_past_came_as_often_as_the_other_system_says(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (order,) = await orders(world, row("A-16"))
    results = await receipts(
        world,
        receipt_row("R-16a", "A-16", arrived(10, "1"), despatch_reference="LS-9"),
        receipt_row("R-16b", "A-16", arrived(10, "1"), despatch_reference="LS-9", received_on="2025-12-02"),
    )
    assert [result["status"] for result in results] == ["created", "created"]
    again = await world.receive(order, arrived(10, "1"), despatch_reference="LS-9")
    assert (again.status_code, again.json()["code"]) == (409, "despatch_already_received")


async def test_goods_of_the_past_do_not_come_for_an_order_that_was_called_off_here(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (order,) = await orders(world, row("A-15"))
    assert (await world.act(world.bea, order, "cancel", {"reason": "not needed"})).status_code == 200
    (result,) = await receipts(world, receipt_row("R-15", "A-15", arrived(10, "1")))
    assert (result["status"], result["code"]) == ("refused", "wrong_state")


async def test_one_reference_of_two_orders_is_two_receipts(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    first, second = await orders(world, row("4700"), row("4700/1"))
    rows = (
        receipt_row("4700/1/2025-12-01", "4700", arrived(10, "3"), despatch_reference="1"),
        receipt_row("4700/1/2025-12-01", "4700/1", arrived(10, "4")),
    )
    assert [result["status"] for result in await receipts(world, *rows)] == ["created", "created"]
    assert [result["status"] for result in await receipts(world, *rows)] == ["unchanged", "unchanged"]
    for order, quantity in ((first, "3"), (second, "4")):
        found = await world.bea.get(
            "/v1/goods-receipts",
            params={"external_reference": "4700/1/2025-12-01", "order_id": order["id"]},
        )
        assert [receipt["lines"][0]["quantity"] for receipt in found.json()["items"]] == [quantity]


async def test_an_order_of_a_suspended_supplier_arrives_flagged(world: World) -> None:
    supplier_id = await world.supplier((), external_reference="V-suspended")
    await world.suspend(supplier_id)
    (result,) = await orders(world, row("A-14", supplier="V-suspended"))
    order = (await world.bea.get(f"/v1/purchase-orders/{result['id']}")).json()
    assert order["flag"]["reason"] == "supplier suspended: quality"


async def test_only_an_admin_with_the_scope_imports(world: World) -> None:
    for person in (world.bea, world.person("ada", Role.ADMIN, scopes=["procurement:orders:write"])):
        for path in ("/v1/purchase-orders:import", "/v1/goods-receipts:import"):
            response = await person.post(path, content="{}", headers={"Content-Type": "application/x-ndjson"})
            assert response.status_code == 403


def sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


FORMER_FIELDS = {
    ImportedOrder: (
        "external_reference supplier_external_reference ordered_on currency site business_unit cost_centre",
        "line_number item description category quantity unit price price_base_quantity promised_on "
        "external_reference",
    ),
    ImportedReceipt: (
        "external_reference order_external_reference received_on despatch_reference",
        "line_number quantity rejected_quantity rejection_reason",
    ),
}


def former_digest(document: ImportedOrder | ImportedReceipt) -> bytes:
    """The digest as it was when defaults were part of it: of the fields that there were then."""
    header, lines = (set(names.split()) for names in FORMER_FIELDS[type(document)])
    return sha256(
        document.model_dump_json(include=dict.fromkeys(header, True) | {"lines": {"__all__": lines}})
    )


def key(document: ImportedOrder | ImportedReceipt) -> ImportKey:
    kind = imports if isinstance(document, ImportedOrder) else api
    return ImportKey(SourceKey("main", document.external_reference), document, kind.FORMERLY_WRITTEN)


Case: TypeAlias = tuple[
    type[ImportedOrder | ImportedReceipt], type[ImportedOrder | ImportedReceipt], dict[str, Any]
]


class LaterLine(ImportedLine):
    colour: str | None = None


class LaterOrder(ImportedOrder):
    lines: list[LaterLine]  # type: ignore[assignment]  # nobody writes into a document's list
    incoterm: str | None = None


class LaterArrival(ReceiptLine):
    batches: list[str] = Field(default_factory=list)


class LaterReceipt(ImportedReceipt):
    lines: list[LaterArrival]  # type: ignore[assignment]
    weight: Decimal = Decimal(0)


NAMES = st.text("aäß中-0", min_size=1, max_size=5)
TEXTS = st.text('aäß中"\\-0', min_size=1, max_size=5)
DATES = st.dates(EARLIEST, LATEST).map(str)
NUMBERS = st.sampled_from(["1", "1.0", "10", "10.0", "010", "2.5"])

ORDERS = st.fixed_dictionaries(
    {
        "external_reference": NAMES,
        "supplier_external_reference": NAMES,
        "currency": st.sampled_from(["EUR", "USD"]),
        "site": NAMES,
        "business_unit": NAMES,
        "cost_centre": NAMES,
        "lines": st.lists(
            st.fixed_dictionaries(
                {
                    "line_number": st.integers(1, 9),
                    "item": NAMES,
                    "description": TEXTS,
                    "category": NAMES,
                    "quantity": NUMBERS,
                    "unit": NAMES,
                    "price": NUMBERS,
                    "promised_on": DATES,
                },
                optional={"price_base_quantity": NUMBERS, "external_reference": st.none() | NAMES},
            ),
            min_size=1,
            max_size=3,
        ),
    },
    optional={"ordered_on": st.none() | DATES},
).map(lambda row: (ImportedOrder, LaterOrder, row))

RECEIPTS = st.fixed_dictionaries(
    {
        "external_reference": NAMES,
        "order_external_reference": NAMES,
        "received_on": DATES,
        "lines": st.lists(
            st.fixed_dictionaries(
                {"line_number": st.integers(1, 9), "quantity": NUMBERS},
                optional={
                    "rejected_quantity": st.just("0") | st.just("0.00") | NUMBERS,
                    "rejection_reason": st.none() | TEXTS,
                },
            ),
            min_size=1,
            max_size=3,
        ),
    },
    optional={"despatch_reference": st.none() | NAMES},
).map(lambda row: (ImportedReceipt, LaterReceipt, row))


@settings(deadline=None)
@given(ORDERS | RECEIPTS)
def test_columns_added_later_leave_a_digest_as_it_was_while_absent(case: Case) -> None:
    model, later_model, row = case
    document = model.model_validate(row)
    later = later_model.model_validate(dict(reversed(row.items())))
    assert key(later).digest == key(document).digest
    assert key(document).former_digest() == former_digest(document)
    assert key(later).is_of(key(document).digest)
    assert key(later).is_of(former_digest(document))


@settings(deadline=None)
@given(st.tuples(ORDERS, ORDERS) | st.tuples(RECEIPTS, RECEIPTS), st.data())
def test_documents_have_the_same_digest_exactly_when_they_did_formerly(
    cases: tuple[Case, Case], data: st.DataObject
) -> None:
    (model, _, row), (_, _, source) = cases
    other = row | {"lines": [dict(line) for line in row["lines"]]}
    changed, taken = data.draw(st.sampled_from([(other, source), (other["lines"][0], source["lines"][0])]))
    name = data.draw(st.sampled_from(sorted(changed | taken)))
    if name in taken:
        changed[name] = taken[name]
    else:
        del changed[name]
    before, after = model.model_validate(row), model.model_validate(other)
    same = former_digest(before) == former_digest(after)
    assert (key(before).digest == key(after).digest) is same
    assert key(after).is_of(key(before).digest) is same
    assert key(after).is_of(former_digest(before)) is same


def test_numbers_that_are_written_otherwise_differ_beside_a_default_too() -> None:
    bases = ("1", "1.0", "10", "10.0")
    lines = [line(line_number=10, price_base_quantity=base) for base in bases] + [line(line_number=10)]
    keys = [key(ImportedOrder.model_validate(row("A-1", lines=[stated]))) for stated in lines]
    assert len({each.digest for each in keys}) == len(bases)
    assert keys[0].digest == keys[-1].digest


def test_a_later_column_that_is_stated_tells_documents_apart() -> None:
    stored = key(ImportedOrder.model_validate(row("A-1")))
    later = key(LaterOrder.model_validate(row("A-1", incoterm="DAP")))
    assert not later.is_of(stored.digest)
    assert not later.is_of(stored.former_digest())


def test_digests_are_made_as_the_stored_ones_were() -> None:
    order = ImportedOrder.model_validate(row("A-1"))
    assert key(order).digest == sha256(
        '{"external_reference":"A-1","supplier_external_reference":"V-1","ordered_on":"2025-11-03",'
        '"currency":"USD","site":"HAM-1","business_unit":"drives","cost_centre":"4711","lines":['
        '{"line_number":10,"item":"M8-HEX-40","description":"Hexagon bolt M8 × 40","category":"fasteners",'
        '"quantity":"10","unit":"C62","price":"2.50","promised_on":"2025-11-01",'
        '"external_reference":"A-1/10"}]}'
    )
    receipt = ImportedReceipt.model_validate(receipt_row("R-1", "A-1"))
    assert key(receipt).digest == sha256(
        '{"external_reference":"R-1","order_external_reference":"A-1","received_on":"2025-12-01",'
        '"lines":[{"line_number":10,"quantity":"10"}]}'
    )


async def test_what_was_imported_with_the_former_digest_is_unchanged_when_it_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.supplier((), external_reference="V-1")
    order, receipt = row("A-13"), receipt_row("R-13", "A-13")
    with monkeypatch.context() as formerly:
        formerly.setattr(ImportKey, "digest", property(lambda key: former_digest(key.document)))
        created = [*await orders(world, order), *await receipts(world, receipt)]
    assert [result["status"] for result in created] == ["created", "created"]
    again = [*await orders(world, order), *await receipts(world, receipt)]
    assert [result["status"] for result in again] == ["unchanged", "unchanged"]
    other = [*await orders(world, order | {"site": "BRE-1"})]
    other += await receipts(world, receipt | {"despatch_reference": "LS-1"})
    assert [result["code"] for result in other] == ["differs_from_import", "differs_from_import"]
