"""A contracting desk: a buyer who writes, two who sign, a supplier that is approved, its portal."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from purveyor_contract.roles import Role
from sourcing.contracts.commands.running import pass_day
from sourcing.contracts.rules.content import CONTENT

if TYPE_CHECKING:
    from datetime import date

    from services.sourcing.tests.conftest import AsPerson, Desk

AT = "/v1/contracts"
Json = dict[str, Any]


def same(response: httpx.Response, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    found: Json = response.json()
    return found


def refused(response: httpx.Response, status: int, code: str, pointer: str | None = None) -> Json:
    problem = same(response, status)
    assert problem["code"] == code, problem
    if pointer is not None:
        assert pointer in [error["pointer"] for error in problem["errors"]], problem
    return problem


def content(**changes: Any) -> Json:
    """Return what a contract says that runs from the day of the tests on."""
    return deepcopy(CONTENT) | {"starts_on": "2026-11-20", "ends_on": "2027-11-19"} | changes


def price(**changes: Any) -> Json:
    stated: Json = deepcopy(CONTENT["prices"][0])
    return stated | changes


@dataclass
class Contracting:
    """Everybody who has a part in a contract."""

    desk: Desk
    as_person: AsPerson
    author: httpx.AsyncClient
    manager: httpx.AsyncClient
    signers: tuple[httpx.AsyncClient, httpx.AsyncClient]
    supplier: Json
    portal: httpx.AsyncClient

    async def drafted(self, supplier: Json | None = None, **changes: Any) -> Json:
        stated = {"supplier_id": (supplier or self.supplier)["id"], "content": content(**changes)}
        return same(await self.author.post(AT, json=stated), 201)

    async def act(self, by: httpx.AsyncClient, action: str, contract: Json, **body: Any) -> httpx.Response:
        """Do something to a contract as it is now."""
        at = f"{AT}/{contract['id']}"
        seen = (await self.author.get(at)).headers["etag"]
        return await by.post(f"{at}:{action}", json=body or None, headers={"If-Match": seen})

    async def submitted(self, supplier: Json | None = None, **changes: Any) -> Json:
        contract = await self.drafted(supplier, **changes)
        return same(await self.act(self.author, "submit", contract))

    async def signed(self, contract: Json) -> Json:
        for signer in self.signers:
            contract = same(await self.act(signer, "sign", contract))
        return contract

    async def active(self, supplier: Json | None = None, **changes: Any) -> Json:
        return await self.signed(await self.submitted(supplier, **changes))

    async def amended(self, contract: Json, **changes: Any) -> Json:
        stated = {"why": "Steel is dearer", "content": content(**changes)}
        return await self.signed(same(await self.act(self.author, "amend", contract, **stated)))

    async def read(self, contract: Json, by: httpx.AsyncClient | None = None) -> Json:
        return same(await (by or self.author).get(f"{AT}/{contract['id']}"))

    async def day(self, day: date) -> None:
        async with self.desk.context.database.transaction() as tx:
            await pass_day(tx, day)

    async def told(self, contract: Json) -> list[str]:
        return await self.desk.event_names(contract)


@pytest.fixture
async def house(desk: Desk, as_person: AsPerson) -> Contracting:
    supplier = await desk.approved()
    return Contracting(
        desk,
        as_person,
        desk.buyer,
        as_person("mia", Role.CATEGORY_MANAGER),
        (as_person("ava", Role.APPROVER), as_person("mel", Role.CATEGORY_MANAGER)),
        supplier,
        as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"]),
    )
