"""References belong to systems: two of them may know two orders by the same number."""

from __future__ import annotations

from typing import Any

from .conftest import World, arrived
from .test_imports import TO_ORDERS, TO_RECEIPTS, let_in, orders, receipt_row, receipts, row, send


async def test_two_systems_with_the_same_numbers_are_both_imported(world: World) -> None:
    await world.supplier((), external_reference="V-1", source_system="sap")
    await world.supplier((), external_reference="V-1", source_system="oracle")
    rows = [row("TWIN-1", source_system=system) for system in ("sap", "oracle")]
    first, second = await orders(world, *rows)
    assert [first["status"], second["status"]] == ["created", "created"]
    assert [result["status"] for result in await send(world.ada, TO_ORDERS, *rows)] == ["unchanged"] * 2
    shown = [(await world.bea.get(f"/v1/purchase-orders/{one['id']}")).json() for one in (first, second)]
    assert [(order["source_system"], order["external_reference"]) for order in shown] == [
        ("sap", "TWIN-1"),
        ("oracle", "TWIN-1"),
    ]
    assert shown[0]["supplier_id"] != shown[1]["supplier_id"]
    told = [await world.events_of(one) for one in (first, second)]
    assert [data["source_system"] for (_, _, data), *_ in told] == ["sap", "oracle"]


async def test_a_receipt_is_of_the_order_of_its_own_system(world: World) -> None:
    await world.supplier((), external_reference="V-1", source_system="sap")
    await world.supplier((), external_reference="V-1", source_system="oracle")
    sap, oracle = await orders(world, *(row("TWIN-2", source_system=system) for system in ("sap", "oracle")))
    of_oracle = receipt_row("GR-TWIN-1", "TWIN-2", arrived(10), source_system="oracle")
    (received,) = await receipts(world, of_oracle)
    assert received["status"] == "created"
    receipt = (await world.bea.get(f"/v1/goods-receipts/{received['id']}")).json()
    assert (receipt["order_id"], receipt["source_system"]) == (oracle["id"], "oracle")
    untouched = (await world.bea.get(f"/v1/purchase-orders/{sap['id']}")).json()
    assert untouched["lines"][0]["received_quantity"] == "0"
    nowhere = receipt_row("GR-TWIN-1", "TWIN-2", arrived(10))
    await let_in(world, TO_RECEIPTS, nowhere)
    (refused,) = await send(world.ada, TO_RECEIPTS, nowhere)
    assert refused["code"] == "order_unknown"


async def test_orders_of_one_system_may_name_suppliers_of_another(world: World) -> None:
    supplier = await world.supplier((), external_reference="V-FAR", source_system="master-data")
    (refused,) = await orders(world, row("FAR-1", "V-FAR", source_system="sap"))
    assert refused["code"] == "supplier_unknown"
    far = row("FAR-2", "V-FAR", source_system="sap", supplier_source_system="master-data")
    (created,) = await orders(world, far)
    assert (await order_of(world, created))["supplier_id"] == str(supplier)


async def test_receipts_of_a_warehouse_may_name_orders_of_another_system(world: World) -> None:
    await world.supplier((), external_reference="V-1", source_system="erp")
    (order,) = await orders(world, row("WARE-1", source_system="erp"))
    (refused,) = await receipts(world, receipt_row("W-1", "WARE-1", arrived(10), source_system="wms"))
    assert refused["code"] == "order_unknown"
    of_erp = receipt_row("W-1", "WARE-1", arrived(10), source_system="wms", order_source_system="erp")
    (created,) = await receipts(world, of_erp)
    receipt = (await world.bea.get(f"/v1/goods-receipts/{created['id']}")).json()
    assert receipt["order_id"] == order["id"]


async def test_rows_that_name_no_system_are_of_the_one_called_main(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (created,) = await orders(world, row("PLAIN-1"))
    (again,) = await send(world.ada, TO_ORDERS, row("PLAIN-1", source_system="main"))
    assert (again["status"], again["id"]) == ("unchanged", created["id"])
    assert (await order_of(world, created))["source_system"] == "main"


async def order_of(world: World, result: dict[str, Any]) -> dict[str, Any]:
    order: dict[str, Any] = (await world.bea.get(f"/v1/purchase-orders/{result['id']}")).json()
    return order
