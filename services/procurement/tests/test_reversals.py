"""A receipt is taken back by a counter-entry, and what had followed from it follows back."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from purveyor_contract.roles import Role

from .amending import amended, kept, read
from .conftest import World, arrived, line

BENT = {"rejected_quantity": "4", "rejection_reason": "bent"}


async def reverse(
    world: World,
    receipt: httpx.Response,
    *lines: dict[str, Any],
    by: httpx.AsyncClient | None = None,
    **said: Any,
) -> httpx.Response:
    body = {"reason": "another delivery was counted"} | ({"lines": list(lines)} if lines else {}) | said
    return await (by or world.rita).post(f"/v1/goods-receipts/{receipt.json()['id']}:reverse", json=body)


async def events(world: World, order: dict[str, Any]) -> list[str]:
    return [name for _, name, _ in await world.events_of(order)]


def parts(shown: dict[str, Any]) -> tuple[str, ...]:
    names = ("received", "rejected", "accepted", "refused_for_good", "cancelled", "open")
    return tuple(shown[f"{name}_quantity"] for name in names)


async def test_a_receipt_that_is_taken_back_opens_its_closed_order_and_stays_readable(world: World) -> None:
    order = await world.issued(line(), line())
    first = await world.receive(order, arrived(1, "10"))
    last = await world.receive(order, arrived(2, "10"))
    assert last.json()["order_status"] == "closed"
    answer = await reverse(world, last, reason_for_supplier="we had counted another delivery")
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown["order_status"] == "partially_received"
    assert shown["lines"][0] | {"reversed_quantity": "0"} == last.json()["lines"][0]
    assert shown["lines"][0]["reversed_quantity"] == "10"
    [entry] = shown["reversals"]
    assert (entry["reversed_on"], entry["reason"], entry["reversed_by"]) == (
        "2026-03-02",
        "another delivery was counted",
        "rita",
    )
    assert entry["lines"] == [{"line_number": 2, "quantity": "10", "rejected_quantity": "0"}]
    now = await read(world, order)
    assert (now["status"], now["closed_on"]) == ("partially_received", None)
    assert [(parts(one), one["closed_as"]) for one in now["lines"]] == [
        (("10", "0", "10", "0", "0", "0"), "complete"),
        (("0", "0", "0", "0", "0", "10"), None),
    ]
    told = await world.events_of(order)
    assert [name for _, name, _ in told][-3:] == ["POClosed", "GoodsReceiptReversed", "POReopened"]
    assert [number for number, _, _ in told] == list(range(1, len(told) + 1))
    event = told[-2][2]
    assert (event["receipt_id"], event["reversal_id"]) == (last.json()["id"], entry["id"])
    assert (event["received_on"], event["reversed_on"]) == ("2026-03-02", "2026-03-02")
    assert event["lines"] == [
        {
            "line_number": 2,
            "quantity": "10",
            "rejected_quantity": "0",
            "refused_for_good_quantity": "0",
            "cancelled_quantity": "0",
            "lots": [],
            "serials": [],
        }
    ]
    assert (await world.rita.get(f"/v1/goods-receipts/{last.json()['id']}")).json() == {
        name: value for name, value in shown.items() if name not in {"order_status", "warnings"}
    }
    assert (await world.rita.get(f"/v1/goods-receipts/{first.json()['id']}")).json()["reversals"] == []
    again = await world.receive(order, arrived(2, "10"))
    assert (again.status_code, again.json()["order_status"]) == (201, "closed")


async def test_when_all_is_taken_back_an_order_stands_where_it_did_before(world: World) -> None:
    for status in ("issued", "acknowledged"):
        order = await world.order(await world.supplier(), line())
        order = await world.brought_to(order, status)
        receipt = await world.receive(order, arrived(1, "3"))
        assert (await reverse(world, receipt)).json()["order_status"] == status


async def test_some_of_a_receipt_is_taken_back_and_never_more_than_is_left(world: World) -> None:
    order = await world.issued(line(), line())
    receipt = await world.receive(order, arrived(1, "10", **BENT), arrived(2, "5"))
    some = await reverse(world, receipt, {"line_number": 1, "quantity": "3", "rejected_quantity": "1"})
    assert some.status_code == 200, some.text
    first, second = (await read(world, order))["lines"]
    assert parts(first) == ("7", "3", "4", "0", "0", "6")
    assert parts(second) == ("5", "0", "5", "0", "0", "5")
    for wrong, pointer in (
        ({"line_number": 1, "quantity": "8"}, "/lines/0/quantity"),
        ({"line_number": 1, "quantity": "4", "rejected_quantity": "4"}, "/lines/0/rejected_quantity"),
        ({"line_number": 1, "quantity": "5"}, "/lines/0/rejected_quantity"),
        ({"line_number": 3, "quantity": "1"}, "/lines/0/line_number"),
        ({"line_number": 1, "quantity": "0"}, "/lines/0/quantity"),
        ({"line_number": 1, "quantity": "-1"}, "/lines/0/quantity"),
        ({"line_number": 1, "quantity": "1e30"}, "/lines/0/quantity"),
        ({"line_number": 1, "quantity": "0.0000001"}, "/lines/0/quantity"),
    ):
        refused = await reverse(world, receipt, wrong)
        assert refused.status_code == 422, (wrong, refused.text)
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer], wrong
    rest = await reverse(world, receipt)
    assert rest.json()["order_status"] == "issued"
    assert [one["lines"] for one in rest.json()["reversals"]] == [
        [{"line_number": 1, "quantity": "3", "rejected_quantity": "1"}],
        [
            {"line_number": 1, "quantity": "7", "rejected_quantity": "3"},
            {"line_number": 2, "quantity": "5", "rejected_quantity": "0"},
        ],
    ]
    nothing = await reverse(world, receipt)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "already_reversed")


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-03-03", "lies in the future"),
        ("2026-03-01", "lies before the receipt"),
        ("2025-12-31", "lies before the receipt"),
    ],
)
async def test_a_receipt_is_taken_back_on_a_day_between_it_and_today(
    world: World, day: str, why: str
) -> None:
    receipt = await world.receive(await world.issued(), arrived(1, "3"), received_on="2026-03-02")
    refused = await reverse(world, receipt, reversed_on=day)
    assert (refused.status_code, refused.json()["code"]) == (422, "reversal_invalid")
    [error] = refused.json()["errors"]
    assert error["pointer"] == "/reversed_on"
    assert error["detail"].startswith(why)


async def test_a_delivery_note_whose_receipt_was_taken_back_is_received_again(world: World) -> None:
    """odoo#13299, metasfresh#1165: the wrong count typed at the dock is taken back and counted again."""
    order = await world.issued()
    wrong = await world.receive(order, arrived(1, "9"), despatch_reference="LS-9")
    assert (await reverse(world, wrong)).status_code == 200
    right = await world.receive(order, arrived(1, "6"), despatch_reference="LS-9")
    assert right.status_code == 201, right.text
    again = await world.receive(order, arrived(1, "1"), despatch_reference="LS-9")
    assert (again.json()["code"], again.json()["goods_receipt"]) == (
        "despatch_already_received",
        right.json()["number"],
    )


async def test_rejected_goods_that_ended_a_line_are_owed_when_their_receipt_is_taken_back(
    world: World,
) -> None:
    order = await world.issued()
    receipt = await world.receive(order, arrived(1, "10", **BENT, rejected_is="ends"))
    assert receipt.json()["order_status"] == "closed"
    assert (await reverse(world, receipt)).json()["order_status"] == "issued"
    [shown] = (await read(world, order))["lines"]
    assert parts(shown) == ("0", "0", "0", "0", "0", "10")


async def test_what_is_taken_back_of_a_line_that_was_closed_short_is_not_wanted_any_more_either(
    world: World,
) -> None:
    order = await world.issued()
    receipt = await world.receive(order, arrived(1, "6"))
    seen = {"If-Match": f'"{await world.version_of(order["id"])}"'}
    path = f"/v1/purchase-orders/{order['id']}/lines/1"
    closed = await world.bea.post(f"{path}:close-short", json={"reason": "enough"}, headers=seen)
    assert closed.json()["status"] == "closed"
    answer = await reverse(world, receipt, {"line_number": 1, "quantity": "2"})
    assert answer.json()["order_status"] == "closed"
    [shown] = (await read(world, order))["lines"]
    assert (parts(shown), shown["closed_as"]) == (("4", "0", "4", "0", "6", "0"), "short")
    assert (await events(world, order))[-1] == "GoodsReceiptReversed"
    seen = {"If-Match": f'"{await world.version_of(order["id"])}"'}
    reopened = await world.bea.post(f"{path}:reopen", json={"reason": "not enough"}, headers=seen)
    assert reopened.json()["lines"][0]["open_quantity"] == "6"


async def _line(world: World, order: dict[str, Any], number: int, action: str) -> httpx.Response:
    seen = {"If-Match": f'"{await world.version_of(order["id"])}"'}
    path = f"/v1/purchase-orders/{order['id']}/lines/{number}:{action}"
    return await world.bea.post(path, json={"reason": "enough"}, headers=seen)


async def test_an_order_whose_rest_was_called_off_is_cancelled_when_nothing_is_left_of_what_came(
    world: World,
) -> None:
    order = await world.brought_to(await world.order(await world.supplier(), line()), "acknowledged")
    receipt = await world.receive(order, arrived(1, "6"))
    assert (await _line(world, order, 1, "close-short")).json()["status"] == "closed"
    answer = await reverse(world, receipt, reason_for_supplier="we had counted wrongly")
    assert answer.json()["order_status"] == "cancelled", answer.text
    now = await read(world, order)
    assert (now["closed_on"], now["cancelled_on"], now["cancelled_by"]) == (None, "2026-03-02", "rita")
    assert now["cancellation_reason_for_supplier"] == "we had counted wrongly"
    [shown] = now["lines"]
    assert (parts(shown), shown["closed_as"]) == (("0", "0", "0", "0", "10", "0"), "cancelled")
    assert (await events(world, order))[-3:] == ["POClosed", "GoodsReceiptReversed", "POCancelled"]


async def test_who_called_off_the_rest_of_an_order_has_cancelled_it_when_what_came_is_taken_back(
    world: World,
) -> None:
    order = await world.issued(line(), line())
    receipt = await world.receive(order, arrived(1, "6"))
    await world.act(world.bea, order, "cancel", {"reason": "the project was stopped"})
    assert (await reverse(world, receipt)).json()["order_status"] == "cancelled"
    now = await read(world, order)
    assert (now["cancelled_by"], now["cancellation_reason"]) == ("bea", "the project was stopped")
    assert (await events(world, order)).count("POCancelled") == 1


async def test_a_line_that_nothing_is_left_of_is_cancelled_and_its_order_as_before_anything_came(
    world: World,
) -> None:
    for status in ("issued", "acknowledged"):
        order = await world.brought_to(await world.order(await world.supplier(), line(), line()), status)
        receipt = await world.receive(order, arrived(1, "6"))
        await _line(world, order, 1, "close-short")
        assert (await reverse(world, receipt)).json()["order_status"] == status
        reopened = (await _line(world, order, 1, "reopen")).json()
        assert (reopened["status"], reopened["lines"][0]["open_quantity"]) == (status, "10")
        assert (await _line(world, order, 1, "cancel")).json()["lines"][0]["closed_as"] == "cancelled"


async def test_an_order_of_which_all_that_came_is_owed_again_is_cancelled_as_its_lines_are(
    world: World,
) -> None:
    """However it is called off: at once, or with its last line."""
    rejected = {"rejected_quantity": "6", "rejection_reason": "bent", "rejected_is": "owed_again"}
    for by_line in (False, True):
        order = await world.issued()
        receipt = await world.receive(order, arrived(1, "6", **rejected))
        answer = (
            await _line(world, order, 1, "cancel")
            if by_line
            else await world.act(world.bea, order, "cancel", {"reason": "enough"})
        )
        assert answer.status_code == 200, answer.text
        now = await read(world, order)
        assert (now["status"], now["closed_on"], now["lines"][0]["closed_as"]) == (
            "cancelled",
            None,
            "cancelled",
        )
        assert (await reverse(world, receipt)).json()["order_status"] == "cancelled"


async def test_the_day_an_order_closes_leaves_out_what_was_taken_back(world: World) -> None:
    order = await world.order(await world.supplier(), line(), ordered_on="2026-02-20")
    order = await world.brought_to(order, "issued")
    wrong = await world.receive(order, arrived(1, "4"), received_on="2026-03-01")
    await world.receive(order, arrived(1, "6"), received_on="2026-02-25")
    await reverse(world, wrong)
    await world.receive(order, arrived(1, "4"), received_on="2026-02-26")
    now = await read(world, order)
    assert (now["closed_on"], now["lines"][0]["closed_on"]) == ("2026-02-26", "2026-02-26")


async def test_who_may_not_receive_an_orders_goods_does_not_take_them_back(world: World) -> None:
    order = await world.issued()
    receipt = await world.receive(order, arrived(1, "3"))
    for name in ("robin", "bea", "alex"):
        everything = world.person(name, Role.BUYER, Role.APPROVER, Role.RECEIVER)
        assert (await reverse(world, receipt, by=everything)).status_code == 403, name
    assert (await reverse(world, receipt, by=world.person("bert", Role.BUYER))).status_code == 403
    unknown = await world.rita.post(f"/v1/goods-receipts/{uuid4()}:reverse", json={"reason": "lost"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "goods_receipt_not_found")


async def test_a_reader_of_what_changed_since_sees_a_receipt_that_was_taken_back(world: World) -> None:
    order = await world.issued()
    receipt = await world.receive(order, arrived(1, "3"))
    wanted = {"order_id": order["id"]}
    page = (await world.rita.get("/v1/goods-receipts", params=wanted)).json()
    since = wanted | {"updated_after": page["next_updated_after"]}
    assert (await world.rita.get("/v1/goods-receipts", params=since)).json()["items"] == []
    await reverse(world, receipt)
    [changed] = (await world.rita.get("/v1/goods-receipts", params=since)).json()["items"]
    assert changed["lines"][0]["reversed_quantity"] == "3"


async def test_of_several_who_take_one_receipt_back_at_once_one_does(world: World) -> None:
    order = await world.issued()
    receipt = await world.receive(order, arrived(1, "10"))
    answers = await asyncio.gather(*(reverse(world, receipt) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    received = "SELECT received_quantity FROM purchase_order_line WHERE order_id = $1"
    assert await world.value(received, UUID(order["id"])) == 0
    assert (await events(world, order)).count("POReopened") == 1


async def test_a_receipt_that_is_taken_back_while_another_is_booked_leaves_sums_that_hold(
    world: World,
) -> None:
    order = await world.issued()
    first = await world.receive(order, arrived(1, "10"))
    taken, booked = await asyncio.gather(
        reverse(world, first), world.receive(order, arrived(1, "10"), another_delivery=True)
    )
    assert taken.status_code == 200
    assert booked.status_code in {201, 409}, booked.text
    [shown] = (await read(world, order))["lines"]
    assert shown["received_quantity"] == ("10" if booked.status_code == 201 else "0")


async def test_an_amendment_and_a_reversal_at_once_both_hold_one_after_the_other(world: World) -> None:
    order = await world.issued(line(), line())
    receipt = await world.receive(order, arrived(1, "10"))
    shown = await read(world, order)
    now, taken = await asyncio.gather(
        amended(world, order, kept(shown, 1, quantity="12"), kept(shown, 2)), reverse(world, receipt)
    )
    assert taken.status_code == 200, taken.text
    assert now["current_version"] == 2
    first, _ = (await read(world, order))["lines"]
    assert parts(first) == ("0", "0", "0", "0", "0", "12")


async def test_an_order_that_is_open_again_carries_the_flag_of_its_supplier(world: World) -> None:
    supplier = await world.supplier()
    order = await world.issued(supplier_id=supplier)
    receipt = await world.receive(order, arrived(1, "10"))
    await world.suspend(supplier)
    assert (await read(world, order))["flag"] is None
    await reverse(world, receipt)
    assert (await read(world, order))["flag"]["reason"] == "supplier suspended: quality"


async def test_a_supplier_sees_what_was_taken_back_and_what_it_is_told_of_why(world: World) -> None:
    supplier = await world.supplier()
    order = await world.issued(supplier_id=supplier)
    receipt = await world.receive(order, arrived(1, "10"))
    await reverse(world, receipt, reason="carl cannot count", reason_for_supplier="we had counted wrongly")
    nord = world.person("nord", Role.SUPPLIER, supplier_id=supplier)
    theirs = await nord.get(f"/v1/goods-receipts/{receipt.json()['id']}")
    [entry] = theirs.json()["reversals"]
    assert sorted(entry) == ["id", "lines", "reason_for_supplier", "reversed_on"]
    assert entry["reason_for_supplier"] == "we had counted wrongly"
    assert "carl" not in theirs.text
    assert theirs.json()["lines"][0]["reversed_quantity"] == "10"
