"""Random commands of several actors on budgets: after each, a budget is what its ledger adds up to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.budgets.rules.charging import Document, Effect, EntryKind, Move
from procurement.budgets.store.verifying import verify
from purveyor.errors import ProblemError

from .budgeting import BUDGETS, approved, cora, cost_centre, document, figures, move, quarter
from .conftest import World
from .test_budgets import take

MONTHS = (date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 2))
AMOUNT = st.integers(1, 60)
STEPS = st.one_of(
    st.tuples(st.just("reserve"), AMOUNT, st.integers(0, 1), st.integers(0, 2)),
    st.tuples(st.just("commit"), AMOUNT, st.integers(0, 1), st.integers(0, 2)),
    st.tuples(st.just("convert"), AMOUNT, st.integers(0, 1), st.integers(0, 2)),
    st.tuples(st.just("spend"), AMOUNT, st.integers(0, 1), st.integers(0, 2)),
    st.tuples(st.just("release"), AMOUNT, st.integers(0, 1), st.integers(0, 2)),
    st.tuples(st.just("transfer"), AMOUNT, st.integers(0, 1), st.integers(0, 2)),
    st.tuples(st.just("override"), AMOUNT, st.integers(0, 1), st.integers(0, 2)),
)


@dataclass
class Ledger:
    """What the commands should have led to, reckoned by itself."""

    budgeted: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    held: dict[tuple[str, Effect], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    allowed: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def figures(self, centre: str) -> list[str]:
        """Return the four numbers and what is left."""
        taken = [self.held[centre, effect] for effect in Effect]
        numbers = [self.budgeted[centre], *taken, self.budgeted[centre] - sum(taken)]
        return [f"{number:.2f}" for number in numbers]


class Actors:
    """People who do things with two budgets of three months that accumulate."""

    def __init__(self, world: World, centres: list[str], budgets: list[dict[str, Any]]) -> None:
        self.world, self.centres, self.budgets = world, centres, budgets
        self.expected = Ledger()
        self.documents: dict[tuple[int, Effect], Document] = {}
        for centre in centres:
            self.expected.budgeted[centre] = Decimal(150)
            for at, kind in enumerate(("requisition", "order", "invoice")):
                of = centres.index(centre)
                self.documents[of, list(Effect)[at]] = document(kind)

    async def do(self, what: str, amount: int, at: int, month: int) -> None:
        """Do one thing, or be refused and have done nothing."""
        try:
            await getattr(self, what)(Decimal(amount), at, MONTHS[month])
        except ProblemError as refused:
            if refused.code != "budget_exceeded":
                raise

    def _move(self, at: int, effect: Effect, amount: Decimal, **more: Any) -> Move:
        return move(self.documents[at, effect], self.centres[at], amount, effect, **more)

    async def _take(self, at: int, on: date, *moves: Move) -> None:
        await take(self.world, *moves, on=on)
        for one in moves:
            key = (self.centres[at], one.effect)
            self.expected.held[key] = max(self.expected.held[key] + one.amount, Decimal(0))

    async def reserve(self, amount: Decimal, at: int, on: date) -> None:
        await self._take(at, on, self._move(at, Effect.RESERVED, amount))

    async def commit(self, amount: Decimal, at: int, on: date) -> None:
        await self._take(at, on, self._move(at, Effect.COMMITTED, amount))

    async def convert(self, amount: Decimal, at: int, on: date) -> None:
        given = self._move(at, Effect.RESERVED, -amount, converted_into=EntryKind.COMMIT)
        await self._take(at, on, given, self._move(at, Effect.COMMITTED, amount))

    async def spend(self, amount: Decimal, at: int, on: date) -> None:
        given = self._move(at, Effect.COMMITTED, -amount, converted_into=EntryKind.SPEND)
        await self._take(at, on, given, self._move(at, Effect.SPENT, amount))

    async def release(self, amount: Decimal, at: int, on: date) -> None:
        effect = Effect.RESERVED if amount % 2 else Effect.COMMITTED
        await self._take(at, on, self._move(at, effect, -amount))

    async def transfer(self, amount: Decimal, at: int, on: date) -> None:
        period = MONTHS.index(on) + 1
        asked = await cora(self.world).post(
            "/v1/budget-transfers",
            json={
                "from": {"budget_id": self.budgets[at]["id"], "period": period},
                "to": {"budget_id": self.budgets[1 - at]["id"], "period": period},
                "amount": str(amount),
                "reason": "moved",
            },
        )
        assert asked.status_code == 201, asked.text
        decided = await self.world.alex.post(
            f"/v1/budget-transfers/{asked.json()['id']}:approve", headers={"If-Match": asked.headers["ETag"]}
        )
        if decided.status_code == 200:
            self.expected.budgeted[self.centres[at]] -= amount
            self.expected.budgeted[self.centres[1 - at]] += amount
        else:
            assert decided.json()["code"] == "budget_exceeded"

    async def override(self, amount: Decimal, at: int, on: date) -> None:
        granted = await self.world.alex.post(
            f"{BUDGETS}/{self.budgets[at]['id']}/overrides",
            json={
                "document_kind": "order",
                "document_id": str(self.documents[at, Effect.COMMITTED].id),
                "amount": str(amount),
                "reason": "urgent",
            },
        )
        assert granted.status_code == 201
        self.expected.allowed[self.centres[at]] += amount

    async def check(self) -> None:
        """A budget is what its entries add up to, what was expected, and never below what was let."""
        async with self.world.database.transaction() as tx:
            _, differing = await verify(tx)
        assert differing == []
        for centre, budget in zip(self.centres, self.budgets, strict=True):
            found = await figures(self.world, budget)
            assert found == self.expected.figures(centre)
            assert Decimal(found[-1]) >= -self.expected.allowed[centre]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=8, max_size=25))
async def test_whatever_is_commanded_a_budget_is_its_ledger_and_nothing_is_below_what_was_let(
    world: World, steps: list[tuple[str, int, int, int]]
) -> None:
    centres = [await cost_centre(world) for _ in range(2)]
    budgets = [
        await approved(world, centre, quarter("50.00", "50.00", "50.00"), accumulates=True)
        for centre in centres
    ]
    actors = Actors(world, centres, budgets)
    for step in steps:
        await actors.do(*step)
        await actors.check()
