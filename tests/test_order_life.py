"""Random commands of several people on orders: what is true after each, and what performance knows then.

`ORDER_COMMANDS` says how many are played; `make test` plays 360, `make commands` 10,000.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from services.procurement.tests.amending import act, kept, read, stated
from services.procurement.tests.conftest import World, arrived, line, world_in

from purveyor.db import Database
from purveyor.service import ServiceContext
from purveyor.testing.databases import as_runtime
from purveyor_contract.roles import Role
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox
from supplier_performance.deliveries.consumers import ORDERS
from supplier_performance.settings import NAME, SupplierPerformanceSettings

COMMANDS = int(os.environ.get("ORDER_COMMANDS", "360"))
AT_ONCE = 6
"""Orders that are alive at a time; one that is done makes room for another."""
REFUSALS = {403, 404, 409, 412, 422}
WHY = {"reason": "it came so"}
NewDatabase = Callable[[str], Awaitable[str]]
Row = dict[str, Any]

LINES = """
SELECT order_id, line_number, quantity, price, amount, received_quantity, rejected_quantity,
       cancelled_quantity, refused_for_good_quantity, closed_as, closed_on, dropped_by_version
FROM purchase_order_line WHERE order_id = ANY($1) ORDER BY order_id, line_number
"""
ARRIVED = """
SELECT line_number, sum(quantity) AS received, sum(rejected_quantity) AS rejected
FROM (
  SELECT line_number, quantity, rejected_quantity
  FROM goods_receipt JOIN goods_receipt_line ON receipt_id = id WHERE order_id = $1
  UNION ALL
  SELECT line.line_number, -line.quantity, -line.rejected_quantity
  FROM goods_receipt AS receipt JOIN goods_receipt_reversal AS reversal ON reversal.receipt_id = receipt.id
  JOIN goods_receipt_reversal_line AS line ON line.reversal_id = reversal.id WHERE receipt.order_id = $1
) AS moved GROUP BY line_number
"""
KNOWN = """
SELECT order_id, line_number, quantity, price, amount, received_quantity, rejected_quantity,
       cancelled_quantity, cancelled_on
FROM order_line WHERE order_id = ANY($1) ORDER BY order_id, line_number
"""
DAYS = """
SELECT order_id::text, line_number, 1 AS schedule_number, quantity, need_by, first_promised_on,
       last_promised_on, promised_on AS due_on
FROM order_line WHERE order_id = ANY($1) AND NOT scheduled
UNION ALL
SELECT order_id::text, line_number, schedule_number, quantity, need_by, first_promised_on,
       last_promised_on, promised_on
FROM order_schedule WHERE order_id = ANY($1)
"""
STREAM = """
SELECT event_id AS id, type, topic, key, sequence, time, data::text AS data
FROM outbox WHERE topic = 'procurement.orders' ORDER BY id
"""
EVERYTHING = (Role.REQUESTER, Role.BUYER, Role.APPROVER, Role.RECEIVER)


class Player:
    """Somebody at random does something at random to one of some orders."""

    def __init__(self, world: World, supplier: UUID, dice: random.Random) -> None:
        self.world, self.supplier, self.dice = world, supplier, dice
        self.orders: list[Row] = []
        self.touched: set[str] = set()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.moves: dict[str, Callable[[Row], Awaitable[httpx.Response | None]]] = {
            "receive": self.receive,
            "reverse": self.reverse,
            "amend": self.amend,
            "further": self.further,
            "close-short": lambda order: self.line_move(order, "close-short"),
            "cancel-line": lambda order: self.line_move(order, "cancel"),
            "reopen": lambda order: self.line_move(order, "reopen"),
            "hold": lambda order: self.order_move(order, "hold"),
            "release": lambda order: self.order_move(order, "release"),
            "acknowledge": lambda order: self.order_move(order, "acknowledge"),
            "cancel": lambda order: self.order_move(order, "cancel"),
            "promise": self.promise,
            "respond": self.respond,
            "decide": self.decide,
        }
        self.weights = [16, 9, 6, 16, 2, 2, 3, 1, 4, 1, 0.4, 3, 6, 3]

    def anybody(self) -> httpx.AsyncClient:
        """Return one of several people who may do everything, each what is not kept from them."""
        [who] = self.dice.choices(("robin", "alex", "bea", "ben", "rita"), (5, 5, 5, 5, 1))
        return self.world.person(who, *EVERYTHING)

    def receiver(self) -> httpx.AsyncClient:
        """Return one of those who receive, most of the time somebody from whom that is not kept."""
        return self.world.person(
            self.dice.choice(("rita", "rita", "carl", "carl", "carl", "carl", "alex")), *EVERYTHING
        )

    def number(self, highest: int) -> str:
        return str(Decimal(self.dice.randint(1, highest * 4)) / 4)

    async def play(self) -> Row:
        """Do something, and return the order that it was done to."""
        if len(self.orders) < AT_ONCE:
            lines = [self.ordered() for _ in range(self.dice.randint(1, 3))]
            order = await read(self.world, await self.world.issued(*lines, supplier_id=self.supplier))
            self.orders.append(order)
            self.touched.add(order["id"])
            return order
        order = await read(self.world, self.dice.choice(self.orders))
        [name] = self.dice.choices(list(self.moves), self.weights)
        answer = await self.moves[name](order)
        if answer is not None:
            assert answer.status_code < 300 or answer.status_code in REFUSALS, answer.text
            self.answers[name, answer.status_code // 100] += 1
        now = await read(self.world, order)
        if now["status"] == "cancelled" or (now["status"] == "closed" and self.dice.random() < 0.3):
            self.orders = [one for one in self.orders if one["id"] != order["id"]]
        return now

    def ordered(self) -> Row:
        """Return a line, needed at once or in parts."""
        if self.dice.random() < 0.6:
            return line(quantity=self.number(20))
        return line(**self.in_parts(self.dice.randint(1, 3)))

    def in_parts(self, count: int) -> Row:
        parts = [{"quantity": self.number(8), "need_by": self.day()} for _ in range(count)]
        total = sum((Decimal(part["quantity"]) for part in parts), Decimal(0))
        return {"quantity": str(total), "schedules": parts, "promised_on": None}

    def day(self) -> str:
        return f"2026-04-{self.dice.randint(1, 30):02}"

    async def promise(self, order: Row) -> httpx.Response:
        """Move what is promised of a schedule, as the buyer or the supplier."""
        chosen = self.dice.choice(order["lines"])
        body = WHY | {"promised_on": self.day(), "moved_by": self.dice.choice(["buyer", "supplier"])}
        if chosen["schedules"]:
            body["schedule_number"] = self.dice.choice(chosen["schedules"])["schedule_number"]
        path = f"/v1/purchase-orders/{order['id']}/lines/{chosen['line_number']}/promises"
        return await self.anybody().post(path, json=body)

    async def respond(self, order: Row) -> httpx.Response:
        """Answer the version in force, or one that is past, as the supplier or for it."""
        version = max(1, order["current_version"] - self.dice.choice([0, 0, 0, 1]))
        reply = self.dice.choice(["accepted", "accepted_with_changes", "accepted_with_changes", "rejected"])
        body: Row = {"reply": reply, "reason": "it is so"}
        if reply == "accepted_with_changes":
            chosen = self.dice.choice(order["lines"])
            changed: Row = {"line_number": chosen["line_number"]}
            if chosen["schedules"]:
                changed["schedule_number"] = self.dice.choice(chosen["schedules"])["schedule_number"]
            changed |= {"promised_on": self.day()}
            if self.dice.random() < 0.4:
                changed |= {"quantity": self.number(20), "price": self.number(9)}
            body["lines"] = [changed]
        path = f"/v1/purchase-orders/{order['id']}/versions/{version}/response"
        nord = self.world.person("nord", Role.SUPPLIER, supplier_id=self.supplier)
        return await self.dice.choice([nord, self.anybody()]).post(path, json=body)

    async def decide(self, order: Row) -> httpx.Response | None:
        """Take or refuse what the last answer says."""
        path = f"/v1/purchase-orders/{order['id']}/versions/{order['current_version']}"
        answers = (await self.world.bea.get(f"{path}/responses")).json()["items"]
        undecided = [one for one in answers[-1]["changes"] if one["decision"] is None] if answers else []
        if not undecided:
            return None
        changes = [
            {"number": one["number"], "decision": self.dice.choice(["taken", "taken", "refused"])}
            for one in undecided
        ]
        body = WHY | {"response_id": answers[-1]["id"], "changes": changes}
        return await self.anybody().post(f"{path}/response:decide", json=body)

    async def receive(self, order: Row) -> httpx.Response:
        numbers = [one["line_number"] for one in order["lines"]]
        chosen = self.dice.sample(numbers, self.dice.randint(1, len(numbers)))
        lines = []
        for number in chosen:
            quantity = self.number(8)
            rejected = Decimal(quantity) / 2 if self.dice.random() < 0.2 else Decimal(0)
            why: Row = {"rejected_quantity": str(rejected), "rejection_reason": "bent"} if rejected else {}
            if rejected and self.dice.random() < 0.4:
                why["rejected_is"] = "ends"
            lines.append(arrived(number, quantity, **why))
        return await self.world.receive(order, *lines, by=self.receiver())

    async def reverse(self, order: Row) -> httpx.Response | None:
        """Take a receipt back, all that is left of it or a part."""
        shown = await self.world.bea.get("/v1/goods-receipts", params={"order_id": order["id"]})
        if not (receipts := shown.json()["items"]):
            return None
        receipt = self.dice.choice(receipts)
        lines = [
            {"line_number": one["line_number"], "quantity": self.number(4), "rejected_quantity": "0"}
            for one in receipt["lines"][: self.dice.randint(1, 2)]
        ]
        body = WHY | ({"lines": lines} if self.dice.random() < 0.5 else {})
        return await self.receiver().post(f"/v1/goods-receipts/{receipt['id']}:reverse", json=body)

    async def amend(self, order: Row) -> httpx.Response:
        here = [one for one in order["lines"] if one["closed_as"] != "cancelled"]
        dropped = [one["line_number"] for one in here if self.dice.random() < 0.15]
        lines = [self.restated(order, one) for one in here if one["line_number"] not in dropped]
        if self.dice.random() < 0.3 or not lines:
            lines.append(line(quantity=self.number(20), item="M10"))
        body = stated(order, *lines, cancelled_lines=dropped)
        return await self.anybody().post(f"/v1/purchase-orders/{order['id']}/amendments", json=body)

    def restated(self, order: Row, shown: Row) -> Row:
        changes: Row = {}
        if self.dice.random() < 0.5:
            changes["quantity"] = self.number(20)
        if self.dice.random() < 0.4:
            changes["price"] = self.number(9)
        if self.dice.random() < 0.4:
            changes["promised_on"] = self.day()
        if self.dice.random() < 0.3:
            changes |= self.in_parts(self.dice.randint(1, 3))
        elif shown["schedules"] and self.dice.random() < 0.5:
            same = [
                part | {"need_by": self.dice.choice([self.day(), part["need_by"]])}
                for part in shown["schedules"]
            ]
            changes |= {"quantity": shown["quantity"], "schedules": same, "promised_on": None}
        return kept(order, shown["line_number"], **changes)

    async def further(self, order: Row) -> httpx.Response | None:
        """Bring an amendment a step further, or back."""
        path = f"/v1/purchase-orders/{order['id']}/amendments"
        listed = (await self.world.bea.get(path)).json()["items"]
        if not listed or not (allowed := listed[0]["allowed_actions"]):
            return None
        steps = {"submit": 9, "approve": 9, "issue": 9, "return": 1, "withdraw": 1}
        possible = [step for step in allowed if step in steps]
        [step] = self.dice.choices(possible, [steps[step] for step in possible])
        body = WHY if step in {"return", "withdraw"} else None
        return await act(self.world, listed[0], step, self.anybody(), body)

    async def line_move(self, order: Row, action: str) -> httpx.Response:
        number = self.dice.choice(order["lines"])["line_number"]
        seen = await self.world.version_of(order["id"])
        return await self.anybody().post(
            f"/v1/purchase-orders/{order['id']}/lines/{number}:{action}",
            json=WHY,
            headers={"If-Match": f'"{seen}"'},
        )

    async def order_move(self, order: Row, action: str) -> httpx.Response:
        body: Row | None = None if action == "acknowledge" else dict(WHY)
        if action == "hold":
            body = WHY | {"stops_receipts": self.dice.random() < 0.3}
        return await self.world.act(self.anybody(), order, action, body)


async def rows(database: Database, sql: str, *arguments: Any) -> list[Row]:
    async with database.connection() as connection:
        return [dict(row) for row in await connection.fetch(sql, *arguments)]


async def expect_sound(world: World, order: Row) -> None:
    """What holds of an order after every command, from what was received and what its versions say."""
    order_id = UUID(order["id"])
    received = {row["line_number"]: row for row in await rows(world.database, ARRIVED, order_id)}
    still_open = False
    for shown in order["lines"]:
        quantities = {
            name: Decimal(shown[f"{name}_quantity"])
            for name in ("received", "rejected", "accepted", "refused_for_good", "cancelled", "open")
        }
        came = received.get(shown["line_number"], {"received": Decimal(0), "rejected": Decimal(0)})
        assert quantities["received"] == came["received"]
        assert quantities["rejected"] == came["rejected"]
        ordered = Decimal(shown["quantity"])
        assert ordered == sum(
            quantities[name] for name in ("cancelled", "accepted", "refused_for_good", "open")
        )
        assert ordered >= quantities["accepted"] + quantities["refused_for_good"], "below what has come"
        assert (shown["closed_as"] is not None) == (quantities["open"] == 0)
        still_open |= quantities["open"] > 0
    assert still_open == (order["status"] not in {"closed", "cancelled"})
    path = f"/v1/purchase-orders/{order['id']}/versions"
    versions = (await world.bea.get(path, params={"limit": 200})).json()["items"]
    assert [one["version"] for one in versions] == list(range(1, order["current_version"] + 1))
    assert [one["in_force"] for one in versions] == [*(False for _ in versions[1:]), True]
    now = (await world.bea.get(f"{path}/{order['current_version']}")).json()
    in_force = [one for one in order["lines"] if one["dropped_by_version"] is None]
    assert [(one["line_number"], one["quantity"], one["price"]) for one in now["lines"]] == [
        (one["line_number"], one["quantity"], one["price"]) for one in in_force
    ]
    assert now["total"] == order["total"]
    await expect_days_kept(world, order, in_force)
    events = await world.events_of(order)
    assert [number for number, _, _ in events] == list(range(1, len(events) + 1))


async def promised(world: World, order_id: str) -> list[Row]:
    """Return the days of each schedule of an order."""
    answer = await world.bea.get(f"/v1/purchase-orders/{order_id}/promises")
    shown: list[Row] = answer.json()["schedules"]
    return shown


async def expect_days_kept(world: World, order: Row, in_force: list[Row]) -> None:
    """Schedules add up to their lines, and what was promised once stands."""
    parts = await promised(world, order["id"])
    for shown in in_force:
        own = [part for part in parts if part["line_number"] == shown["line_number"]]
        for name in ("quantity", "open_quantity"):
            assert sum(Decimal(part[name]) for part in own) == Decimal(shown[name])
    for part in parts:
        moves = part["promises"]
        assert [move["nth"] for move in moves] == list(range(1, len(moves) + 1))
        of_supplier = [move["promised_on"] for move in moves if move["moved_by"] == "supplier"]
        assert part["first_promised_on"] == (of_supplier[0] if of_supplier else None)
        assert part["last_promised_on"] == (moves[-1]["promised_on"] if moves else None)


async def expect_copied(world: World, performance: Database, orders: set[str]) -> None:
    """Performance knows of every line what procurement does."""
    ids = [UUID(order) for order in orders]
    truth, known = await rows(world.database, LINES, ids), await rows(performance, KNOWN, ids)
    shared = [name for name in known[0] if name in truth[0]]
    assert [{name: row[name] for name in shared} for row in known] == [
        {name: row[name] for name in shared} for row in truth
    ]
    assert [row["cancelled_on"] for row in known] == [
        row["closed_on"] if row["closed_as"] in {"short", "cancelled"} else None for row in truth
    ]
    days = {
        (row["order_id"], row["line_number"], row["schedule_number"]): row
        for row in await rows(performance, DAYS, ids)
    }
    for order in orders:
        for part in await promised(world, order):
            copy = days[order, part["line_number"], part["schedule_number"]]
            for name in ("quantity", "need_by", "first_promised_on", "last_promised_on", "due_on"):
                assert (part[name] and str(part[name])) == (copy[name] and str(copy[name])), (
                    name,
                    part,
                    copy,
                )


async def tell(world: World, context: ServiceContext) -> None:
    """Let performance hear all that procurement said, as a transport tells it."""
    told = [
        Envelope(**row | {"source": "procurement", "data": row["data"].encode()})
        for row in await rows(world.database, STREAM)
    ]
    inbox = Inbox(context.database, ORDERS)
    for start in range(0, len(told), 100):
        await inbox.apply(told[start : start + 100])
    assert await rows(context.database, "SELECT type, error FROM parked_event") == []


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_people_do_to_orders_the_sums_hold_and_performance_knows_it(
    seed: int, lend_database: NewDatabase, issuer: Any
) -> None:
    settings = SupplierPerformanceSettings(
        database_url=as_runtime(await lend_database(NAME)),
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
    )
    async with world_in(await lend_database("procurement"), issuer) as world:
        player = Player(world, await world.supplier(), random.Random(seed))  # noqa: S311  # dice
        for _ in range(COMMANDS // 3):
            await expect_sound(world, await player.play())
        done = {name for name, outcome in player.answers if outcome == 2}
        assert {"receive", "reverse", "amend", "further", "promise", "respond"} <= done, player.answers
        context = ServiceContext.create(NAME, settings, world.clock)
        await tell(world, context)
        await expect_copied(world, context.database, player.touched)
        await context.database.close()
