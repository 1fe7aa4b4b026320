"""Random commands of several people, from need to order: budgets, ledgers and duties hold after each.

`NEED_COMMANDS` says how many are played; `make test` plays 120, `make commands` 10,000.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from procurement.budgets.store.verifying import verify
from purveyor.money import round_amount
from purveyor_contract.roles import Role

from .approvals import ROLE_STEP, decided, rule, state
from .budgeting import BUDGETS, approved, year
from .conftest import World, arrived, line, world_in
from .test_imports import TO_ORDERS, row, send
from .test_requisitions import REQUISITIONS, need, requested

COMMANDS = int(os.environ.get("NEED_COMMANDS", "120"))
PEOPLE = ("ann", "ben", "cleo", "dirk")
EVERYTHING = (
    Role.REQUESTER,
    Role.BUYER,
    Role.APPROVER,
    Role.RECEIVER,
    Role.CATEGORY_MANAGER,
    Role.ADMIN,
)
CENTRES = ("4711", "4712")
AT_ONCE = 4
"""Documents of a kind that are worked on at a time: the last ones."""
WANTED = {"decide", "order", "move order", "move requisition"}
"""What has to have succeeded, before anything is shown: who chance kept from it plays on, up to `LONGEST`."""
LONGEST = 1_000
REFUSALS = {403, 404, 409, 412, 422}
WHY = {"reason": "because"}
NewDatabase = Callable[[str], Awaitable[str]]
Row = dict[str, Any]

NEGATIVE = """
SELECT b.serial_number, p.number FROM budget_period AS p JOIN budget AS b ON b.id = p.budget_id
WHERE p.reserved < 0 OR p.committed < 0 OR p.spent < 0 OR p.budgeted < 0
UNION ALL
SELECT line_number, period FROM budget_entry WHERE document_id IS NOT NULL
GROUP BY budget_id, period, document_id, line_number, cost_centre, project, category
HAVING sum(reserved) < 0 OR sum(committed) < 0 OR sum(spent) < 0 OR sum(document_amount) < 0
"""
BY_ITS_AUTHOR = """
SELECT 'order', id FROM purchase_order WHERE approved_by = ANY(authors)
UNION ALL SELECT 'amendment', id FROM purchase_order_amendment WHERE approved_by = ANY(authors)
UNION ALL SELECT 'requisition', id FROM requisition WHERE deciders && authors
UNION ALL SELECT 'line', requisition_id FROM requisition_line JOIN requisition AS r ON r.id = requisition_id
          WHERE decided_by = ANY(r.authors)
UNION ALL SELECT 'budget', budget_id FROM budget_version WHERE approved_by = ANY(authors)
UNION ALL SELECT 'transfer', id FROM budget_transfer WHERE approved_by = ANY(authors)
UNION ALL SELECT 'override', id FROM budget_override WHERE used > 0 AND granted_by = ANY(document_authors)
UNION ALL SELECT 'act', a.id FROM approval_act AS a JOIN approval AS of ON of.id = a.approval_id
          WHERE a.act IN ('approve', 'override') AND a.done_by = ANY(of.authors)
"""
ABOVE = """
SELECT l.requisition_id, l.line_number FROM requisition_line AS l
LEFT JOIN LATERAL (
  SELECT coalesce(sum(h.quantity), 0) AS held, coalesce(sum(o.quantity - o.cancelled_quantity), 0) AS wanted
  FROM requisition_order_line AS h
  JOIN purchase_order_line AS o ON o.order_id = h.order_id AND o.line_number = h.order_line_number
  WHERE h.requisition_id = l.requisition_id AND h.line_number = l.line_number
) AS ordered ON true
WHERE l.ordered_quantity <> ordered.held OR ordered.held <> ordered.wanted OR ordered.held > l.quantity
   OR (ordered.held > 0 AND l.status NOT IN ('approved', 'closed_short'))
"""
HELD = """
SELECT document_id, line_number, cost_centre, sum(reserved + committed) AS amount
FROM budget_entry WHERE document_id IS NOT NULL GROUP BY document_id, line_number, cost_centre
HAVING sum(reserved + committed) <> 0
"""
WANTED_OF_REQUISITIONS = """
SELECT r.id, l.line_number, a.cost_centre, a.amount, l.quantity, l.ordered_quantity, l.status,
       (SELECT coalesce(sum(h.quantity), 0) FROM requisition_order_line AS h
        WHERE h.requisition_id = r.id AND h.line_number = l.line_number AND h.issued) AS issued
FROM requisition AS r JOIN requisition_line AS l ON l.requisition_id = r.id
JOIN requisition_assignment AS a ON a.requisition_id = r.id AND a.line_number = l.line_number
WHERE r.status NOT IN ('draft', 'returned', 'withdrawn')
"""
WANTED_OF_ORDERS = """
SELECT o.id, l.line_number, l.price, l.quantity - l.cancelled_quantity - l.refused_for_good_quantity AS due
FROM purchase_order AS o JOIN purchase_order_line AS l ON l.order_id = o.id
WHERE o.issued_at IS NOT NULL AND NOT o.imported
"""


class Player:
    """Somebody at random does something at random to one of the last documents, possible or not."""

    def __init__(self, world: World, supplier: str, dice: random.Random) -> None:
        self.world, self.supplier, self.dice = world, supplier, dice
        self.budgets: list[str] = []
        self.requisitions: list[str] = []
        self.orders: list[str] = []
        self.transfers: list[str] = []
        self.delegations = self.imports = 0
        self.answers: Counter[tuple[str, int]] = Counter()
        self.moves: dict[str, tuple[float, Callable[[], Awaitable[httpx.Response | None]]]] = {
            "ask": (6, self.ask),
            "edit": (3, self.edit),
            "copy": (2, self.copy),
            "move requisition": (14, self.move_requisition),
            "move line": (3, self.move_line),
            "decide": (22, self.decide),
            "delegate": (1, self.delegate),
            "order": (10, self.order),
            "change order": (2, self.change_order),
            "move order": (16, self.move_order),
            "move order line": (5, self.move_order_line),
            "receive": (4, self.receive),
            "amend": (5, self.amend),
            "move amendment": (9, self.move_amendment),
            "transfer": (2, self.transfer),
            "move transfer": (4, self.move_transfer),
            "override": (2, self.override),
            "import": (1, self.import_order),
        }

    def anybody(self) -> httpx.AsyncClient:
        return self.world.person(self.dice.choice(PEOPLE), *EVERYTHING)

    def one_of(self, documents: list[str]) -> str | None:
        return self.dice.choice(documents[-AT_ONCE:]) if documents else None

    def number(self, highest: int) -> str:
        return str(Decimal(self.dice.randint(1, highest * 4)) / 4)

    @property
    def done(self) -> set[str]:
        """What has succeeded."""
        return {name for name, outcome in self.answers if outcome == 2}

    async def play(self) -> None:
        """Do something; what is refused is refused for a reason."""
        names = list(self.moves)
        answer = None
        while answer is None:
            [name] = self.dice.choices(names, [self.moves[one][0] for one in names])
            answer = await self.moves[name][1]()
        assert answer.status_code < 300 or answer.status_code in REFUSALS, answer.text
        self.answers[name, answer.status_code // 100] += 1

    async def acts(self, path: str, action: str, body: Any = None) -> httpx.Response:
        """Do something to what is at a path, as it is now."""
        return await self.acts_about(path, f"{path}:{action}", body)

    async def acts_about(self, path: str, address: str, body: Any, method: str = "POST") -> httpx.Response:
        by = self.anybody()
        seen = {"If-Match": (await by.get(path)).headers["ETag"]}
        return await by.request(method, address, json=body, headers=seen)

    def content(self) -> Row:
        """Return what somebody needs: of one cost centre, or of two."""
        lines = []
        for _ in range(self.dice.randint(1, 2)):
            share = self.dice.choice(["100", "100", "40", "33.333333"])
            shares = [{"cost_centre": self.dice.choice(CENTRES), "share": share}]
            if share != "100":
                other = next(one for one in CENTRES if one != shares[0]["cost_centre"])
                shares.append({"cost_centre": other, "share": str(100 - Decimal(share))})
            asked = {"quantity": self.number(20), "price": self.number(9), "assignments": shares}
            lines.append(need(**asked, supplier_id=self.supplier))
        return requested(*lines)

    async def ask(self) -> httpx.Response:
        answer = await self.anybody().post(REQUISITIONS, json=self.content())
        self.requisitions.append(f"{REQUISITIONS}/{answer.json()['id']}")
        return answer

    async def edit(self) -> httpx.Response | None:
        path = self.one_of(self.requisitions)
        return None if path is None else await self.acts_about(path, path, self.content(), "PUT")

    async def copy(self) -> httpx.Response | None:
        if (path := self.one_of(self.requisitions)) is None:
            return None
        answer = await self.anybody().post(f"{path}:copy", json={})
        self.requisitions.append(f"{REQUISITIONS}/{answer.json()['id']}")
        return answer

    async def move_requisition(self) -> httpx.Response | None:
        if (path := self.one_of(self.requisitions)) is None:
            return None
        action = self.dice.choices(["submit", "withdraw", "return", "reject", "approve"], [16, 1, 1, 1, 2])[0]
        return await self.acts(path, action, None if action == "submit" else WHY)

    async def move_line(self) -> httpx.Response | None:
        if (path := self.one_of(self.requisitions)) is None:
            return None
        action = self.dice.choice(["cancel", "close-short", "reject"])
        return await self.acts_about(path, f"{path}/lines/{self.dice.randint(1, 2)}:{action}", WHY)

    async def decide(self) -> httpx.Response | None:
        """Take a step of what waits for somebody, or try to."""
        waiting = {"status": "pending"} if self.dice.random() < 0.9 else {}
        shown = (await self.world.ada.get("/v1/approvals", params=waiting | {"limit": "6"})).json()["items"]
        if not shown:
            return None
        decision = self.dice.choices(["approve", "reject"], [12, 1])[0]
        path = f"/v1/approvals/{self.dice.choice(shown)['id']}"
        return await self.acts(path, "decide", WHY | {"decision": decision})

    async def delegate(self) -> httpx.Response:
        person, deputy = self.dice.sample(PEOPLE, 2)
        body = WHY | {"person": person, "delegate": deputy}
        body |= {"valid_from": "2026-03-02", "valid_to": "2026-03-09"}
        return await self.anybody().post("/v1/approval-delegations", json=body)

    async def order(self) -> httpx.Response | None:
        """Order of some of the last requisitions."""
        lines = [
            {"requisition_id": path.rpartition("/")[2], "line_number": self.dice.randint(1, 2)}
            | ({} if self.dice.random() < 0.4 else {"quantity": self.number(10)})
            | ({} if self.dice.random() < 0.6 else {"price": self.number(9)})
            for path in {self.one_of(self.requisitions) for _ in range(self.dice.randint(1, 2))}
            if path is not None
        ]
        if not lines:
            return None
        answer = await self.anybody().post("/v1/requisitions:order", json={"lines": lines})
        if answer.status_code == 201:
            self.orders += [f"/v1/purchase-orders/{one['id']}" for one in answer.json()["orders"]]
        return answer

    async def change_order(self) -> httpx.Response | None:
        if (path := self.one_of(self.orders)) is None:
            return None
        shown = (await self.world.ada.get(path)).json()
        names = ("supplier_id", "currency", "site", "business_unit", "cost_centre", "project")
        lines = [self.restated(one) for one in shown["lines"]]
        return await self.acts_about(
            path, path, {name: shown[name] for name in names} | {"lines": lines}, "PUT"
        )

    def restated(self, shown: Row) -> Row:
        kept = {name: shown[name] for name in ("line_number", "price_base_quantity", *line())}
        if self.dice.random() < 0.6:
            kept["quantity"] = self.number(20)
        if self.dice.random() < 0.3:
            kept["price"] = self.number(9)
        return kept

    async def move_order(self) -> httpx.Response | None:
        if (path := self.one_of(self.orders)) is None:
            return None
        action = self.dice.choices(["submit", "issue", "approve", "cancel"], [8, 10, 1, 1])[0]
        return await self.acts(path, action, WHY if action == "cancel" else None)

    async def move_order_line(self) -> httpx.Response | None:
        if (path := self.one_of(self.orders)) is None:
            return None
        action = self.dice.choice(["cancel", "close-short", "reopen"])
        return await self.acts_about(path, f"{path}/lines/{self.dice.randint(1, 2)}:{action}", WHY)

    async def receive(self) -> httpx.Response | None:
        if (path := self.one_of(self.orders)) is None:
            return None
        quantity, body = self.number(8), {"another_delivery": True}
        refused: Row = {}
        if self.dice.random() < 0.3:
            refused = {"rejected_quantity": quantity, "rejection_reason": "bent", "rejected_is": "ends"}
        lines = [arrived(self.dice.randint(1, 2), quantity, **refused)]
        return await self.anybody().post(f"{path}/receipts", json=body | {"lines": lines})

    async def amend(self) -> httpx.Response | None:
        if (path := self.one_of(self.orders)) is None:
            return None
        shown = (await self.world.ada.get(path)).json()
        names = ("site", "business_unit", "cost_centre", "project")
        body = {name: shown[name] for name in names} | WHY | {"based_on": shown["current_version"]}
        if self.dice.random() < 0.2:
            body["cost_centre"] = self.dice.choice(CENTRES)
        here = [one for one in shown["lines"] if one["closed_as"] != "cancelled"]
        lines = [self.restated(one) for one in here]
        return await self.anybody().post(f"{path}/amendments", json=body | {"lines": lines})

    async def move_amendment(self) -> httpx.Response | None:
        if (path := self.one_of(self.orders)) is None:
            return None
        there = (await self.world.ada.get(f"{path}/amendments")).json()["items"]
        if not there or not (allowed := there[0]["allowed_actions"]):
            return None
        weights = {"submit": 9, "approve": 9, "issue": 9, "return": 1, "withdraw": 1}
        possible = [one for one in allowed if one in weights]
        [action] = self.dice.choices(possible, [weights[one] for one in possible])
        body = WHY if action in {"return", "withdraw"} else None
        return await self.acts(f"{path}/amendments/{there[0]['id']}", action, body)

    async def transfer(self) -> httpx.Response:
        source, target = self.dice.sample(self.budgets, 2)
        body: Row = WHY | {"amount": str(self.dice.randint(1, 200))}
        body |= {"from": {"budget_id": source}, "to": {"budget_id": target}}
        answer = await self.anybody().post("/v1/budget-transfers", json=body)
        self.transfers.append(f"/v1/budget-transfers/{answer.json()['id']}")
        return answer

    async def move_transfer(self) -> httpx.Response | None:
        if (path := self.one_of(self.transfers)) is None:
            return None
        action = self.dice.choices(["approve", "refuse", "withdraw"], [8, 1, 1])[0]
        return await self.acts(path, action, None if action == "approve" else WHY)

    async def override(self) -> httpx.Response | None:
        path, kind = self.one_of(self.orders), "order"
        if path is None or self.dice.random() < 0.5:
            path, kind = self.one_of(self.requisitions), "requisition"
        if path is None:
            return None
        body = WHY | {"document_kind": kind, "document_id": path.rpartition("/")[2], "amount": "50"}
        return await self.anybody().post(f"{BUDGETS}/{self.dice.choice(self.budgets)}/overrides", json=body)

    async def import_order(self) -> httpx.Response:
        """Let an order of the past in: proposed by one, and let in by anybody, if that is another."""
        self.imports += 1
        by = self.anybody()
        proposal = (await by.post("/v1/imports", json={"name": f"past {self.imports}"})).json()["id"]
        past = row(f"PAST-{self.imports}", cost_centre=self.dice.choice(CENTRES), currency="EUR")
        await send(by, TO_ORDERS, past, proposal=proposal)
        digest = (await by.get(f"/v1/imports/{proposal}")).json()["figures"]["digest"]
        return await self.anybody().post(f"/v1/imports/{proposal}:approve", json={"digest": digest})


async def rows(world: World, sql: str) -> list[Row]:
    async with world.database.connection() as connection:
        return [dict(one) for one in await connection.fetch(sql)]


async def expect_sound(world: World) -> None:
    """What holds after every command."""
    async with world.database.transaction() as tx:
        _, differences = await verify(tx)
    assert not differences, [str(one) for one in differences]
    for sql in (NEGATIVE, BY_ITS_AUTHOR, ABOVE):
        assert await rows(world, sql) == []
    held: dict[Any, dict[str, Decimal]] = {}
    for one in await rows(world, HELD):
        held.setdefault((one["document_id"], one["line_number"]), {})[one["cost_centre"]] = one["amount"]
    for one in await rows(world, WANTED_OF_REQUISITIONS):
        wanted = {"approved": one["quantity"], "closed_short": one["ordered_quantity"]}.get(one["status"])
        left = max((wanted or Decimal(0)) - one["issued"], Decimal(0))
        right = round_amount(one["amount"] * left / one["quantity"], "EUR")
        found = held.get((one["id"], one["line_number"]), {}).pop(one["cost_centre"], Decimal(0))
        assert found == right, ("reserved", one, found)
    for one in await rows(world, WANTED_OF_ORDERS):
        right = round_amount(one["due"] * one["price"], "EUR")
        found = sum(held.pop((one["id"], one["line_number"]), {}).values(), Decimal(0))
        assert found == right, ("committed", one, found)
    assert not any(held.values()), "nothing is held of what nobody wants"


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_people_do_from_need_to_order_budgets_and_duties_hold(
    seed: int, lend_database: NewDatabase, issuer: Any
) -> None:
    async with world_in(await lend_database("procurement"), issuer) as world:
        supplier = await world.supplier(external_reference="V-1")
        player = Player(world, str(supplier), random.Random(seed))  # noqa: S311  # dice
        for person in PEOPLE:
            await state(world, person, groups=["finance"])
        finance = {"who": "group", "group": "finance"}
        needs = {"kinds": ["requisition"], "amount_from": "40"}
        two_steps = {"name": "needs", "when": needs, "steps": [ROLE_STEP, finance]}
        split = rule("orders", finance, amount_from="60")
        await decided(world, rules=[two_steps, split], split_days=30, growth="5")
        for centre in CENTRES:
            player.budgets.append(str((await approved(world, centre, year("1500.00")))["id"]))
        played = 0
        while played < COMMANDS // 2 or (played < LONGEST and not player.done >= WANTED):
            await player.play()
            await expect_sound(world)
            played += 1
        assert player.done >= WANTED, player.answers
