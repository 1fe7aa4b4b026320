"""(g) Fifty approvals at once on one budget, which leaves enough for twenty: exactly those are approved."""

from __future__ import annotations

import asyncio
import json
import os
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

from bench.create_issue import APPLICATIONS, prepare, served
from bench.load import Answer, Connection, UnexpectedAnswerError
from bench.rounds import Rounds
from purveyor_cli.issuer import LocalIssuer
from purveyor_cli.postgres import RunningPostgres
from purveyor_contract.roles import Role

ROUNDS = 5
AT_ONCE = 50
FITTING = 20
PRICE = "411.50"


class Staff:
    """Who plans, asks and approves."""

    def __init__(self, issuer: LocalIssuer) -> None:
        self.keys = count()
        roles = (Role.CATEGORY_MANAGER, Role.REQUESTER, Role.APPROVER)
        self.tokens = {role: issuer.token(role.value, role) for role in roles}

    async def posts(
        self,
        by: Role,
        connection: Connection,
        path: str,
        body: Any,
        etag: str | None = None,
        *,
        expected: int,
    ) -> Answer:
        """Post something as somebody, about what was seen."""
        headers = f"Authorization: Bearer {self.tokens[by]}\r\n"
        headers += f"Idempotency-Key: {next(self.keys)}-{os.getpid()}\r\n"
        headers += f"If-Match: {etag}\r\n" if etag else ""
        content = json.dumps(body).encode()
        return await connection.post(path, content, headers.encode(), expected=expected)

    async def budget(self, connection: Connection, centre: str) -> None:
        """Have a budget of a cost centre approved that leaves enough for some."""
        today = datetime.now(UTC).date()
        amount = f"{FITTING * float(PRICE):.2f}"
        period = {"first_day": str(today - timedelta(days=1)), "last_day": str(today + timedelta(days=99))}
        stated = {
            "name": centre,
            "cost_centre": centre,
            "currency": "EUR",
            "periods": [period | {"amount": amount}],
            "reason": "the plan",
        }
        planner = Role.CATEGORY_MANAGER
        answer = await self.posts(planner, connection, "/v1/budgets", stated, expected=201)
        path = f"/v1/budgets/{answer.json()['id']}"
        for action, by in (("submit", planner), ("approve", Role.APPROVER)):
            answer = await self.posts(by, connection, f"{path}:{action}", {}, answer.etag, expected=200)

    async def requisition(self, connection: Connection, centre: str) -> tuple[str, str | None]:
        """Hand a requisition in; return where it is approved, and its ETag."""
        line = {
            "kind": "free_text",
            "description": "Hexagon head screw",
            "category": "fasteners",
            "quantity": "1",
            "unit": "C62",
            "need_by": str(datetime.now(UTC).date() + timedelta(days=30)),
            "site": "HAM",
            "price": PRICE,
            "assignments": [{"cost_centre": centre}],
        }
        stated = {"title": "Screws", "business_unit": "pumps", "currency": "EUR", "lines": [line]}
        by = Role.REQUESTER
        answer = await self.posts(by, connection, "/v1/requisitions", stated, expected=201)
        path = f"/v1/requisitions/{answer.json()['id']}"
        answer = await self.posts(by, connection, f"{path}:submit", {}, answer.etag, expected=200)
        return f"{path}:approve", answer.etag

    async def approves(self, connection: Connection, path: str, etag: str | None) -> bool:
        """Approve a requisition; return whether the budget left enough."""
        try:
            await self.posts(Role.APPROVER, connection, path, {}, etag, expected=200)
        except UnexpectedAnswerError as refused:
            if "budget_exceeded" not in str(refused):
                raise
            return False
        return True


async def at_once(staff: Staff, port: int, centre: str) -> float:
    """Approve all at once; return how many were answered a second."""
    first = await Connection.open(port)
    await staff.budget(first, centre)
    asked = [await staff.requisition(first, centre) for _ in range(AT_ONCE)]
    await first.close()
    connections = [await Connection.open(port) for _ in range(AT_ONCE)]
    try:
        started = time.perf_counter()
        answers = await asyncio.gather(
            *(staff.approves(one, *of) for one, of in zip(connections, asked, strict=True))
        )
        took = time.perf_counter() - started
    finally:
        for connection in connections:
            await connection.close()
    if sum(answers) != FITTING:
        raise UnexpectedAnswerError(f"{sum(answers)} were approved, and {FITTING} fit")
    return AT_ONCE / took


async def measure(server: RunningPostgres, folder: Path) -> Rounds:
    """Return the approvals a second that are answered, round by round, each on a budget of its own."""
    staff = Staff(LocalIssuer.in_folder(folder / "issuer"))
    url = await prepare(server, "bench_approving")
    centres = [f"centre-{nth}" for nth in range(ROUNDS + 1)]
    connection = await asyncpg.connect(url)
    await connection.execute("INSERT INTO cost_centre SELECT c, 1, c FROM unnest($1::text[]) AS c", centres)
    await connection.close()
    rounds = Rounds()
    issuer = LocalIssuer.in_folder(folder / "issuer")
    async with served(APPLICATIONS["service"], url, issuer) as port:
        for nth, centre in enumerate(centres):
            rate = await at_once(staff, port, centre)
            if nth:  # the first round warms up
                rounds.note("service", rate)
    return rounds
