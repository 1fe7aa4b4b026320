"""An issued order changes by amendments: drafted, approved by another, issued as the next version."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from purveyor_contract.roles import Role

from .amending import act, amended, bring, draft, kept, read, stated
from .conftest import World, arrived, line

EVERYTHING = (Role.REQUESTER, Role.BUYER, Role.APPROVER)
AMENDMENTS = "/v1/purchase-orders/{}/amendments"


async def test_an_amended_order_says_the_next_version_and_every_version_stays_readable(world: World) -> None:
    order = await read(world, await world.issued(line(), line(), line()))
    assert order["current_version"] == 1
    now = await amended(
        world,
        order,
        kept(order, 1, quantity="12", price="2.40"),
        kept(order, 3),
        line(item="M10", promised_on="2026-04-01"),
        cancelled_lines=[2],
        reason_for_supplier="we need more",
    )
    assert (now["current_version"], now["status"], now["total"]["amount"]) == (2, "issued", "78.80")
    assert [(one["line_number"], one["dropped_by_version"]) for one in now["lines"]] == [
        (1, None),
        (2, 2),
        (3, None),
        (4, None),
    ]
    dropped = now["lines"][1]
    assert (dropped["closed_as"], dropped["cancelled_quantity"], dropped["open_quantity"]) == (
        "cancelled",
        "10",
        "0",
    )
    path = f"/v1/purchase-orders/{order['id']}/versions"
    listed = (await world.bea.get(path)).json()["items"]
    assert [(one["version"], one["in_force"], one["total"]["amount"]) for one in listed] == [
        (1, False, "75.00"),
        (2, True, "78.80"),
    ]
    first, second = [(await world.bea.get(f"{path}/{number}")).json() for number in (1, 2)]
    assert [(one["line_number"], one["quantity"]) for one in first["lines"]] == [
        (1, "10"),
        (2, "10"),
        (3, "10"),
    ]
    assert [one["line_number"] for one in second["lines"]] == [1, 3, 4]
    assert (first["reason"], second["reason"], second["approved_by"], second["issued_by"]) == (
        None,
        "needs changed",
        "alex",
        "bea",
    )
    assert (first["authors"], second["authors"]) == (["robin"], ["robin", "bea"])
    differences = (await world.bea.get(f"{path}/2/differences")).json()
    assert differences["words"] == [
        "Line 1: quantity 10 → 12, price 2.50 → 2.40",
        "Line 2 cancelled: 10 C62 of M8-HEX-40 at 2.50, promised on 2026-03-20",
        "Line 4 added: 10 C62 of M10 at 2.50, promised on 2026-04-01",
    ]
    back = (await world.bea.get(f"{path}/1/differences", params={"from": 2})).json()
    assert back["words"][0] == "Line 1: quantity 12 → 10, price 2.40 → 2.50"
    assert (await world.bea.get(f"{path}/3")).status_code == 404
    assert (await world.bea.get(f"{path}/1/differences")).json()["fields"] == []


async def test_an_amendment_is_told_with_the_whole_version_and_what_changed(world: World) -> None:
    order = await read(world, await world.issued(line(), line()))
    await amended(
        world, order, kept(order, 1, quantity="12"), kept(order, 2), reason_for_supplier="we need more"
    )
    (_, first, issued), (sequence, name, told) = await world.events_of(order)
    assert (first, issued["version"], sequence, name) == ("POIssued", 1, 2, "POAmended")
    assert (told["version"], told["previous_version"], told["amended_on"]) == (2, 1, "2026-03-02")
    assert (told["reason"], told["reason_for_supplier"]) == ("needs changed", "we need more")
    assert told["changed"] == [{"pointer": "/lines/1/quantity", "before": "10", "after": "12"}]
    assert [one["quantity"] for one in told["lines"]] == ["12", "10"]
    assert told["total"] == {"amount": "55.00", "currency": "EUR"}


async def test_versions_of_a_draft_are_none_and_an_order_that_nobody_amended_has_one(world: World) -> None:
    drafted = await world.order(await world.supplier())
    path = f"/v1/purchase-orders/{drafted['id']}/versions"
    assert (await world.bea.get(path)).json()["items"] == []
    assert (await world.bea.get(f"{path}/1")).status_code == 404
    refused = await draft(world, drafted, stated(drafted | {"current_version": 1}, line(line_number=1)))
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    await world.brought_to(drafted, "issued")
    [only] = (await world.bea.get(path)).json()["items"]
    assert (only["version"], only["in_force"], only["issued_by"]) == (1, True, "bea")


async def test_a_part_received_order_is_amended_in_quantity_and_price_together(world: World) -> None:
    """erpnext#12216, #13925, #7717: what had come in part could not be amended at all."""
    order = await read(world, await world.issued(line(), line()))
    await world.receive(order, arrived(1, "4"))
    now = await amended(world, order, kept(order, 1, quantity="5", price="3"), kept(order, 2))
    assert (now["status"], now["lines"][0]["open_quantity"]) == ("partially_received", "1")
    assert (now["lines"][0]["amount"], now["total"]["amount"]) == ("15.00", "40.00")


async def test_dates_of_a_part_received_order_move(world: World) -> None:
    """erpnext#3852: dates stood still once something had come."""
    order = await read(world, await world.issued())
    await world.receive(order, arrived(1, "4"))
    now = await amended(world, order, kept(order, 1, promised_on="2026-05-01"))
    assert now["lines"][0]["promised_on"] == "2026-05-01"


async def test_an_amendment_never_goes_below_what_has_come(world: World) -> None:
    order = await read(world, await world.issued(line(), line()))
    await world.receive(order, arrived(1, "4"))
    body = stated(order, kept(order, 1, quantity="3.999999"), kept(order, 2))
    refused = await draft(world, order, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "amendment_invalid")
    assert refused.json()["errors"][0]["pointer"] == "/lines/0/quantity"


async def test_an_amendment_down_to_what_has_come_closes_the_order(world: World) -> None:
    order = await read(world, await world.issued())
    await world.receive(order, arrived(1, "4"))
    now = await amended(world, order, kept(order, 1, quantity="4"))
    assert (now["status"], now["closed_on"], now["received_percent"]) == ("closed", "2026-03-02", "100.00")
    assert (now["lines"][0]["closed_as"], now["lines"][0]["closed_by"]) == ("complete", "bea")
    assert [name for _, name, _ in await world.events_of(order)][-2:] == ["POAmended", "POClosed"]


async def test_an_amendment_that_orders_more_of_a_line_that_was_done_opens_it(world: World) -> None:
    order = await read(world, await world.issued(line(), line()))
    await world.receive(order, arrived(1, "10"))
    now = await amended(world, order, kept(order, 1, quantity="12"), kept(order, 2))
    first = now["lines"][0]
    assert (first["closed_as"], first["open_quantity"]) == (None, "2")
    assert (await world.receive(order, arrived(1, "2"), arrived(2, "10"))).json()["order_status"] == "closed"


async def test_an_amended_order_is_acknowledged_anew(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "acknowledged")
    order = await read(world, order)
    now = await amended(world, order, kept(order, 1, quantity="11"))
    assert (now["status"], now["acknowledged_on"]) == ("issued", None)
    first = (await world.bea.get(f"/v1/purchase-orders/{order['id']}/versions/1")).json()
    assert first["acknowledged_on"] == "2026-03-02"
    again = await world.act(world.bea, order, "acknowledge")
    assert again.json()["status"] == "acknowledged"


async def test_goods_move_no_more_once_the_site_is_another(world: World) -> None:
    site = {"name": "Bremen", "country": "DE", "time_zone": "Europe/Berlin"}
    await world.ada.put("/v1/sites/BRE-1", json=site)
    order = await read(world, await world.issued())
    nowhere = await draft(world, order, stated(order, kept(order, 1), site="nowhere"))
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "site_unknown")
    order = await amended(world, order, kept(order, 1), site="BRE-1")
    assert order["site"] == "BRE-1"
    await world.receive(order, arrived(1, "1"))
    refused = await draft(world, order, stated(order, kept(order, 1), site="HAM-1"))
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/site"]


async def test_an_amendment_names_a_cost_centre_that_is_there(world: World) -> None:
    order = await read(world, await world.issued())
    refused = await draft(world, order, stated(order, kept(order, 1), cost_centre="no-such"))
    assert (refused.status_code, refused.json()["code"]) == (422, "organisation_not_valid")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/cost_centre"]


async def test_an_order_has_one_amendment_at_a_time_and_of_the_version_in_force(world: World) -> None:
    order = await read(world, await world.issued())
    body = stated(order, kept(order, 1, quantity="11"))
    first = (await draft(world, order, body)).json()
    second = await draft(world, order, body)
    assert (second.status_code, second.json()["code"]) == (409, "amendment_open")
    assert second.json()["amendment_id"] == first["id"]
    assert (await bring(world, first, "issue")).status_code == 200
    stale = await draft(world, order, body)
    assert (stale.status_code, stale.json()["code"]) == (409, "version_superseded")
    assert stale.json()["current_version"] == 2
    assert (await draft(world, order, body | {"based_on": 2})).status_code == 422


async def test_a_withdrawn_amendment_changes_nothing_and_makes_room(world: World) -> None:
    order = await read(world, await world.issued())
    body = stated(order, kept(order, 1, quantity="11"))
    first = (await draft(world, order, body)).json()
    await bring(world, first, "approve")
    withdrawn = await act(world, first, "withdraw", world.bea, {"reason": "no longer"})
    assert (withdrawn.json()["status"], withdrawn.json()["allowed_actions"]) == ("withdrawn", [])
    assert (await act(world, first, "issue", world.bea)).json()["code"] == "wrong_state"
    assert (await read(world, order)) == order
    assert (await draft(world, order, body)).status_code == 201


async def test_a_returned_amendment_is_changed_and_approved_anew(world: World) -> None:
    order = await read(world, await world.issued())
    first = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
    await bring(world, first, "approve")
    returned = (await act(world, first, "return", world.alex, {"reason": "too many"})).json()
    assert (returned["status"], returned["approved_by"], returned["authors"]) == ("draft", None, ["bea"])
    path = f"{AMENDMENTS.format(order['id'])}/{first['id']}"
    seen = (await world.bea.get(path)).headers["ETag"]
    changed = await world.robin.put(
        path, json=stated(order, kept(order, 1, quantity="10.5")), headers={"If-Match": seen}
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["words"] == ["Line 1: quantity 10 → 10.5"]
    stale = await world.robin.put(
        path, json=stated(order, kept(order, 1, quantity="10.6")), headers={"If-Match": seen}
    )
    assert stale.status_code == 412
    assert (await bring(world, first, "issue")).json()["issued_version"] == 2
    listed = (await world.bea.get(AMENDMENTS.format(order["id"]))).json()["items"]
    assert [(one["id"], one["status"]) for one in listed] == [(first["id"], "issued")]


async def test_who_wrote_any_of_a_version_does_not_approve_it_whoever_created_it(world: World) -> None:
    order = await read(world, await world.issued())
    body = stated(order, kept(order, 1, quantity="11"))
    first = (await draft(world, order, body)).json()
    path = f"{AMENDMENTS.format(order['id'])}/{first['id']}"
    mallory, robin = (world.person(name, *EVERYTHING) for name in ("mallory", "robin"))
    seen = (await world.bea.get(path)).headers["ETag"]
    rewritten = stated(order, kept(order, 1, quantity="12"))
    assert (await mallory.put(path, json=rewritten, headers={"If-Match": seen})).status_code == 200
    assert (await act(world, first, "submit", world.bea)).status_code == 200
    for person in (mallory, robin, world.person("bea", *EVERYTHING), world.person("sam", *EVERYTHING)):
        refused = await act(world, first, "approve", person)
        assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await act(world, first, "approve", world.alex)).status_code == 200


async def test_whoever_had_a_part_in_any_version_does_not_take_the_goods_in(world: World) -> None:
    order = await read(world, await world.issued())
    first = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
    people = {"submit": "mallory", "approve": "anna", "issue": "ian"}
    for action, name in people.items():
        answer = await act(world, first, action, world.person(name, *EVERYTHING))
        assert answer.status_code == 200, answer.text
    for name in ("robin", "alex", "bea", *people.values()):
        refused = await world.receive(order, arrived(), by=world.person(name, Role.RECEIVER))
        assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties"), name
    assert (await world.receive(order, arrived())).status_code == 201


async def test_an_amendment_whose_approver_changed_who_the_supplier_is_is_not_issued(world: World) -> None:
    order = await read(world, await world.issued())
    first = (await draft(world, order, stated(order, kept(order, 1, quantity="9")))).json()
    await bring(world, first, "approve")
    async with world.database.transaction() as tx:
        await tx.connection.execute(
            "UPDATE supplier SET authors = array_append(authors, 'alex') WHERE id = $1",
            UUID(order["supplier_id"]),
        )
    refused = await act(world, first, "issue", world.bea)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")


async def test_a_suspended_supplier_gets_less_ordered_and_nothing_anew(world: World) -> None:
    order = await read(world, await world.issued())
    await world.suspend(UUID(order["supplier_id"]))
    more = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
    refused = await bring(world, more, "issue")
    assert (refused.status_code, refused.json()["code"]) == (422, "supplier_not_approved")
    assert (await act(world, more, "withdraw", world.bea, {"reason": "suspended"})).status_code == 200
    assert (await amended(world, order, kept(order, 1, quantity="8")))["total"]["amount"] == "20.00"


@pytest.mark.parametrize(
    ("of_line", "of_order"),
    [
        ({"item": "M10"}, {}),
        ({"unit": "KGM"}, {}),
        ({"description": "Gold bar"}, {}),
        ({"price": "5000"}, {}),
        ({"charges": [{"reason": "tooling", "amount": "900"}]}, {}),
        ({}, {"charges": [{"reason": "freight", "amount": "5000"}]}),
    ],
)
async def test_a_suspended_supplier_gets_no_other_thing_and_no_higher_price(
    world: World, of_line: dict[str, Any], of_order: dict[str, Any]
) -> None:
    order = await read(world, await world.issued())
    await world.suspend(UUID(order["supplier_id"]))
    another = (await draft(world, order, stated(order, kept(order, 1, **of_line), **of_order))).json()
    refused = await bring(world, another, "issue")
    assert (refused.status_code, refused.json()["code"]) == (422, "supplier_not_approved")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/lines/0/category"]


async def test_a_requester_drafts_and_a_buyer_issues(world: World) -> None:
    order = await read(world, await world.issued())
    body = stated(order, kept(order, 1, quantity="11"))
    path = AMENDMENTS.format(order["id"])
    assert (await world.alex.post(path, json=body)).status_code == 403
    first = (await world.robin.post(path, json=body)).json()
    assert (await act(world, first, "submit", world.robin)).status_code == 200
    assert (await act(world, first, "approve", world.alex)).status_code == 200
    assert (await act(world, first, "issue", world.robin)).status_code == 403
    assert (await act(world, first, "issue", world.bea)).status_code == 200


async def test_suppliers_see_versions_once_they_are_issued_and_no_amendment(world: World) -> None:
    order = await read(world, await world.issued())
    sue = world.person("sue", Role.SUPPLIER, supplier_id=UUID(order["supplier_id"]))
    other = world.person("other", Role.SUPPLIER, supplier_id=await world.supplier())
    first = (
        await draft(
            world,
            order,
            stated(
                order,
                kept(order, 1, quantity="11"),
                cost_centre="4712",
                reason_for_supplier="we need one more",
            ),
        )
    ).json()
    path = f"/v1/purchase-orders/{order['id']}"
    assert len((await sue.get(f"{path}/versions")).json()["items"]) == 1
    assert (await sue.get(f"{path}/amendments")).status_code == 403
    assert (await sue.get(f"{path}/amendments/{first['id']}")).status_code == 403
    await bring(world, first, "issue")
    shown = (await sue.get(f"{path}/versions/2")).json()
    assert shown["reason_for_supplier"] == "we need one more"
    assert not {"reason", "cost_centre", "authors", "approved_by", "amendment_id"} & shown.keys()
    differences = (await sue.get(f"{path}/versions/2/differences")).json()
    assert differences["words"] == ["Line 1: quantity 10 → 11"]
    assert (await other.get(f"{path}/versions/2")).status_code == 404
    assert (await other.get(f"{path}/versions")).status_code == 404


async def test_an_amendment_that_does_not_exist_is_not_found_whatever_is_done_to_it(world: World) -> None:
    order, other = await read(world, await world.issued()), await world.issued()
    first = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
    for wrong in (first | {"id": str(uuid4())}, first | {"order_id": other["id"]}):
        for action, by, body in (
            ("submit", world.bea, None),
            ("approve", world.alex, None),
            ("return", world.alex, {"reason": "no"}),
            ("withdraw", world.bea, {"reason": "no"}),
            ("issue", world.bea, None),
        ):
            answer = await act(world, wrong, action, by, body, seen=1)
            assert (answer.status_code, answer.json()["code"]) == (404, "amendment_not_found")
    nothing = {"order_id": str(uuid4()), "id": first["id"]}
    assert (await act(world, nothing, "issue", world.bea, seen=1)).status_code == 404
    assert (await draft(world, {"id": str(uuid4())}, stated(order, kept(order, 1)))).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"quantity": "0"}, "/lines/0/quantity"),
        ({"quantity": "-1"}, "/lines/0/quantity"),
        ({"quantity": "1e30"}, "/lines/0/quantity"),
        ({"quantity": "1.0000001"}, "/lines/0/quantity"),
        ({"promised_on": "1900-01-01"}, "/lines/0/promised_on"),
        ({"promised_on": "9999-01-01"}, "/lines/0/promised_on"),
        ({"unit": "pieces"}, "/lines/0/unit"),
        ({"line_number": 0}, "/lines/0/line_number"),
        ({"supplier_id": str(uuid4())}, "/lines/0/supplier_id"),
    ],
)
async def test_what_cannot_be_ordered_cannot_be_amended_to(
    world: World, changes: dict[str, Any], pointer: str
) -> None:
    order = await read(world, await world.issued())
    refused = await draft(world, order, stated(order, kept(order, 1) | changes))
    assert refused.status_code == 422
    assert pointer in [error["pointer"] for error in refused.json()["errors"]]


async def test_of_two_who_draft_at_once_one_does_and_the_other_is_told_of_it(world: World) -> None:
    order = await read(world, await world.issued())
    body = stated(order, kept(order, 1, quantity="11"))
    answers = await asyncio.gather(*(draft(world, order, body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "amendment_open"}


async def test_an_amendment_issued_while_a_receipt_is_booked_is_held_against_what_came(world: World) -> None:
    """Either the goods come first, and the amendment is below them, or they come for the amended line."""
    seen = set()
    for _ in range(8):
        order = await read(world, await world.issued())
        first = (await draft(world, order, stated(order, kept(order, 1, quantity="3")))).json()
        await bring(world, first, "approve")
        issued, received = await asyncio.gather(
            act(world, first, "issue", world.bea, seen=3), world.receive(order, arrived(1, "4"))
        )
        now = (await read(world, order))["lines"][0]
        outcome = (issued.status_code, received.status_code)
        assert outcome in {(200, 422), (422, 201)}, (issued.text, received.text)
        assert (now["quantity"], now["received_quantity"]) == (
            ("3", "0") if issued.status_code == 200 else ("10", "4")
        )
        seen.add(outcome)
    assert seen


async def test_a_receipt_that_waited_for_an_amendment_knows_the_line_that_it_added(world: World) -> None:
    for _ in range(8):
        order = await read(world, await world.issued())
        first = (await draft(world, order, stated(order, kept(order, 1), line(item="M10")))).json()
        await bring(world, first, "approve")
        issued, received = await asyncio.gather(
            act(world, first, "issue", world.bea, seen=3), world.receive(order, arrived(1, "10"))
        )
        assert received.status_code == 201, received.text
        now = await read(world, order)
        if issued.status_code == 200:
            assert now["status"] == "partially_received"
            assert received.json()["order_status"] == "partially_received"
        else:
            assert (issued.json()["code"], now["status"]) == ("wrong_state", "closed")


async def test_a_receipt_behind_the_lock_of_an_amendment_does_not_close_what_it_opened(world: World) -> None:
    """The receipt waits for certain: another transaction holds the order and adds a line meanwhile."""
    order = await read(world, await world.issued())
    async with world.database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            """
            UPDATE purchase_order
            SET current_version = 2, amended_at = now(), amendment_id = gen_random_uuid()
            WHERE id = $1
            """,
            UUID(order["id"]),
        )
        await connection.execute(
            """
            INSERT INTO purchase_order_line (
              order_id, line_number, item, description, category, quantity, unit, price, price_base_quantity,
              amount, promised_on)
            SELECT order_id, 2, item, description, category, quantity, unit, price, price_base_quantity,
                   amount, promised_on
            FROM purchase_order_line WHERE order_id = $1
            """,
            UUID(order["id"]),
        )
        receiving = asyncio.create_task(world.receive(order, arrived(1, "10")))
        await asyncio.sleep(0.3)
        assert not receiving.done()
        await transaction.commit()
    assert (await receiving).json()["order_status"] == "partially_received"


async def test_the_database_keeps_authors_and_approvers_of_amendments_apart(world: World) -> None:
    order = await read(world, await world.issued())
    first = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
    await bring(world, first, "approve")
    for change in (
        "approved_by = 'bea'",
        "approved_by = 'robin'",
        "approved_by = 'sam'",
        "status = 'issued'",
        "order_authors = NULL",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await world.value(
                f"UPDATE purchase_order_amendment SET {change} WHERE id = $1",  # noqa: S608
                UUID(first["id"]),
            )


async def test_every_step_of_an_amendment_leaves_an_audit_record(world: World) -> None:
    order = await read(world, await world.issued())
    first = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
    await bring(world, first, "issue")
    trail = "SELECT array_agg(actor || ' ' || action ORDER BY id) FROM audit_record WHERE entity_id = $1"
    assert await world.value(trail, first["id"]) == ["bea create", "bea submit", "alex approve", "bea issue"]
    assert (await world.value(trail, order["id"]))[-1] == "bea amend"


async def test_an_amendment_of_a_cancelled_order_is_withdrawn_and_nothing_else(world: World) -> None:
    order = await read(world, await world.issued())
    for until in ("draft", "submit", "approve"):
        drafted = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
        if until != "draft":
            await bring(world, drafted, until)
        if until != "approve":
            await act(world, drafted, "withdraw", world.bea, {"reason": "another"})
    cancelled = await world.act(world.bea, order, "cancel", {"reason": "no longer needed"})
    assert cancelled.json()["status"] == "cancelled"
    path = AMENDMENTS.format(order["id"])
    shown = (await world.bea.get(f"{path}/{drafted['id']}")).json()
    assert (shown["status"], shown["allowed_actions"]) == ("approved", ["withdraw"])
    [listed, *_] = (await world.bea.get(path)).json()["items"]
    assert (listed["id"], listed["allowed_actions"]) == (drafted["id"], ["withdraw"])
    for action, by, body in (("return", world.alex, {"reason": "no"}), ("issue", world.bea, None)):
        refused = await act(world, drafted, action, by, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    withdrawn = await act(world, drafted, "withdraw", world.bea, {"reason": "it was cancelled"})
    assert withdrawn.json()["status"] == "withdrawn"


@pytest.mark.parametrize("action", ["submit", "approve"])
async def test_what_is_amended_of_a_finished_order_goes_no_further(world: World, action: str) -> None:
    order = await read(world, await world.issued())
    drafted = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
    if action == "approve":
        await act(world, drafted, "submit", world.bea)
    await world.receive(order, arrived(1, "10"))
    assert (await read(world, order))["status"] == "closed"
    refused = await act(world, drafted, action, world.alex if action == "approve" else world.bea)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


async def test_amendments_are_listed_by_where_they_stand(world: World) -> None:
    order = await read(world, await world.issued())
    for _ in range(3):
        drafted = (await draft(world, order, stated(order, kept(order, 1, quantity="11")))).json()
        await act(world, drafted, "withdraw", world.bea, {"reason": "another"})
    last = (await draft(world, order, stated(order, kept(order, 1, quantity="12")))).json()
    path = AMENDMENTS.format(order["id"])
    found = (await world.bea.get(path, params={"status": "draft"})).json()["items"]
    assert [one["id"] for one in found] == [last["id"]]
    page = (await world.bea.get(path, params={"status": "withdrawn", "limit": 2, "total": True})).json()
    assert (len(page["items"]), page["total"]["count"]) == (2, 3)
    rest = (await world.bea.get(path, params={"status": "withdrawn", "cursor": page["next_cursor"]})).json()
    assert len(rest["items"]) == 1


async def test_an_amendment_orders_today_only_what_is_bought_today(world: World) -> None:
    cora = world.person("cora", Role.CATEGORY_MANAGER)
    item = {"description": "Bolt", "category": "fasteners", "base_unit": "C62"}
    for code in ("AMEND-OLD", "AMEND-NEW"):
        answer = await cora.put(f"/v1/items/{code}", json=item)
        assert answer.status_code in {200, 201}, answer.text
    order = await read(world, await world.issued(line(item="AMEND-OLD"), line()))
    seen = (await cora.get("/v1/items/AMEND-OLD")).headers["ETag"]
    retired = item | {"retired_from": "2026-03-02"}
    assert (
        await cora.put("/v1/items/AMEND-OLD", json=retired, headers={"If-Match": seen})
    ).status_code == 200
    for lines, pointer in (
        ((kept(order, 1, quantity="11"), kept(order, 2)), "/lines/0/item"),
        ((kept(order, 1), kept(order, 2, item="AMEND-OLD")), "/lines/1/item"),
        ((kept(order, 1), kept(order, 2), line(item="AMEND-NEW", unit="KGM")), "/lines/2/unit"),
        ((kept(order, 1), kept(order, 2), line(item="AMEND-NEW", category="other")), "/lines/2/category"),
    ):
        refused = await draft(world, order, stated(order, *lines))
        assert (refused.status_code, refused.json()["code"]) == (422, "items_not_valid"), refused.text
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    now = await amended(world, order, kept(order, 1, quantity="9"), kept(order, 2, price="2.40"))
    assert now["lines"][0]["quantity"] == "9"
