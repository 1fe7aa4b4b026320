"""Whoever does what, in whichever order: nothing is ordered above what was approved by another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purveyor_contract.roles import Role

from .conftest import World, arrived
from .test_requisitions import REQUISITIONS, drafted, need, requested

PEOPLE = ("ann", "ben", "cleo")
EVERYTHING = (Role.REQUESTER, Role.BUYER, Role.APPROVER, Role.RECEIVER)
ON_REQUISITIONS = (
    "change",
    "submit",
    "approve",
    "reject",
    "return",
    "withdraw",
    "copy",
    "lines/1:approve",
    "lines/2:approve",
    "lines/1:reject",
    "lines/1:cancel",
    "lines/2:close-short",
    "order",
    "order",
)
ON_ORDERS = ("submit", "approve", "issue", "cancel", "close-short", "reopen", "receive", "enlarge")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from((*ON_REQUISITIONS, *ON_ORDERS)),
        st.integers(0, 3),
        st.integers(1, 12),
    ),
    min_size=15,
    max_size=40,
)
HELD = """
SELECT l.quantity, l.status, l.ordered_quantity, l.delivered_quantity, r.authors, r.deciders, l.decided_by,
       (SELECT coalesce(sum(h.quantity), 0) FROM requisition_order_line AS h
        WHERE h.requisition_id = l.requisition_id AND h.line_number = l.line_number) AS held,
       (SELECT coalesce(sum(o.quantity - o.cancelled_quantity), 0)
        FROM requisition_order_line AS h
        JOIN purchase_order_line AS o ON o.order_id = h.order_id AND o.line_number = h.order_line_number
        WHERE h.requisition_id = l.requisition_id AND h.line_number = l.line_number) AS wanted
FROM requisition_line AS l JOIN requisition AS r ON r.id = l.requisition_id
WHERE r.id = ANY($1)
"""
APART = "SELECT approved_by IS NULL OR approved_by <> ALL (authors) FROM purchase_order WHERE id = $1"


class History:
    """What several people do with requisitions and with the orders that come of them."""

    def __init__(self, world: World, supplier: str) -> None:
        self.world, self.supplier = world, supplier
        self.requisitions: list[dict[str, Any]] = []
        self.orders: list[dict[str, Any]] = []
        self.done: set[str] = set()

    async def plays(self, by: str, action: str, which: int, quantity: int) -> None:
        """Do one thing, whether it is possible or not."""
        person = self.world.person(by, *EVERYTHING)
        if action == "order":
            answer = await self._orders(person, which, quantity)
        elif action in ON_ORDERS and self.orders and which % 2:
            answer = await self._with_an_order(
                person, action, self.orders[which % len(self.orders)], quantity
            )
        elif action in ON_REQUISITIONS or action in {"submit", "approve"}:
            requisition = self.requisitions[which % len(self.requisitions)]
            answer = await self._with_a_requisition(person, action, requisition, quantity)
        else:
            return
        assert answer.status_code < 500, answer.text
        if answer.status_code < 300:
            self.done.add(action)

    async def _orders(self, person: httpx.AsyncClient, which: int, quantity: int) -> httpx.Response:
        lines = [
            {"requisition_id": one["id"], "line_number": number, "quantity": str(quantity)}
            for one in self.requisitions[which % len(self.requisitions) :][:2]
            for number in (1, 2)[: 1 + which % 2]
        ]
        answer = await person.post("/v1/requisitions:order", json={"lines": lines})
        if answer.status_code == 201:
            self.orders += answer.json()["orders"]
        return answer

    async def _with_a_requisition(
        self, person: httpx.AsyncClient, action: str, requisition: dict[str, Any], quantity: int
    ) -> httpx.Response:
        path = f"{REQUISITIONS}/{requisition['id']}"
        seen = {"If-Match": (await person.get(path)).headers["ETag"]}
        if action == "change":
            return await person.put(path, json=self.content(quantity), headers=seen)
        if action == "copy":
            answer = await person.post(f"{path}:copy", json={})
            if answer.status_code == 201 and len(self.requisitions) < 4:
                self.requisitions.append(answer.json())
            return answer
        place = f"{path}/{action}" if action.startswith("lines/") else f"{path}:{action}"
        body = None if action == "submit" else {"reason": "because"}
        return await person.post(place, json=body, headers=seen)

    async def _with_an_order(
        self, person: httpx.AsyncClient, action: str, order: dict[str, Any], quantity: int
    ) -> httpx.Response:
        path = f"/v1/purchase-orders/{order['id']}"
        seen = {"If-Match": f'"{await self.world.version_of(order["id"])}"'}
        if action == "receive":
            return await self.world.receive(order, arrived(1, str(quantity)), another_delivery=True)
        if action in {"close-short", "reopen"}:
            return await person.post(f"{path}/lines/1:{action}", json={"reason": "because"}, headers=seen)
        if action == "enlarge":
            shown = (await person.get(path)).json()
            names = ("supplier_id", "currency", "site", "business_unit", "cost_centre")
            of_line = ("line_number", "item", "description", "category", "unit", "price", "promised_on")
            lines = [
                {name: one[name] for name in of_line} | {"quantity": str(quantity)} for one in shown["lines"]
            ]
            body = {name: shown[name] for name in names} | {"lines": lines}
            return await person.put(path, json=body, headers=seen)
        reason: dict[str, str] | None = {"reason": "because"} if action == "cancel" else None
        return await person.post(f"{path}:{action}", json=reason, headers=seen)

    def content(self, quantity: int) -> dict[str, Any]:
        """Return a requisition of two lines."""
        lines = [need(quantity=str(quantity), supplier_id=self.supplier) for _ in range(2)]
        return requested(*lines)

    async def check(self) -> None:
        """Hold what is kept against what has to be so whatever was done."""
        async with self.world.database.connection() as connection:
            rows = await connection.fetch(HELD, [UUID(one["id"]) for one in self.requisitions])
        for row in rows:
            assert row["ordered_quantity"] == row["held"] == row["wanted"] <= row["quantity"]
            assert Decimal(0) <= row["delivered_quantity"] <= row["ordered_quantity"]
            assert not row["ordered_quantity"] or row["status"] in {"approved", "closed_short"}
            assert not set(row["authors"]) & set(row["deciders"])
            assert row["decided_by"] not in row["authors"]
        for order in self.orders:
            found = await self.world.value(
                APART,
                UUID(order["id"]),
            )
            assert found, "nobody approves what they wrote, or asked for"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
async def test_nothing_is_ordered_above_what_was_approved_and_nobody_approved_what_they_wrote(
    world: World, steps: list[tuple[str, str, int, int]]
) -> None:
    supplier = str(await world.supplier())
    history = History(world, supplier)
    for name in PEOPLE[:2]:
        lines = [need(quantity="10", supplier_id=supplier) for _ in range(2)]
        made = await drafted(world, *lines, by=world.person(name, *EVERYTHING))
        history.requisitions.append(made)
        await history.plays(name, "submit", 2 * (len(history.requisitions) - 1), 1)
    await history.plays("cleo", "approve", 0, 1)
    for step in steps:
        await history.plays(*step)
        await history.check()
