"""A tendering desk: a buyer who leads, an approver, two openers with their keys, two suppliers' portals."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from purveyor_contract.roles import Role
from sourcing.openings.store.keys import written
from sourcing.tenders.rules.content import CONTENT

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

AT = "/v1/tenders"
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
    stated = deepcopy(CONTENT) | {"region": None, "criteria": [CONTENT["criteria"][0] | {"weight": "100"}]}
    return stated | changes


@dataclass
class Opener:
    """Somebody who opens bids, with a key that only they have."""

    person: str
    client: httpx.AsyncClient
    key: X25519PrivateKey

    @property
    def public(self) -> str:
        return written(self.key.public_key().public_bytes_raw())


@dataclass
class House:
    """Everybody who has a part in a tender."""

    desk: Desk
    as_person: AsPerson
    lead: httpx.AsyncClient
    approver: httpx.AsyncClient
    openers: list[Opener]
    suppliers: list[Json]
    portals: list[httpx.AsyncClient]

    async def act(self, by: httpx.AsyncClient, path: str, tender: Json, body: Any = None) -> httpx.Response:
        """Do something to a tender as it is now."""
        seen = (await self.lead.get(f"{AT}/{tender['id']}")).headers["etag"]
        return await by.post(f"{AT}/{tender['id']}{path}", json=body, headers={"If-Match": seen})

    async def drafted(self, **changes: Any) -> Json:
        body = {"kind": "rfq", "openers_needed": 2, "content": content()} | changes
        return same(await self.lead.post(AT, json=body), 201)

    async def staffed(self, **changes: Any) -> Json:
        tender = await self.drafted(**changes)
        for opener in self.openers:
            named = {"person": opener.person, "roles": ["opener", "evaluator"]}
            same(await self.act(self.lead, "/team", tender, named))
            same(
                await opener.client.post(
                    f"{AT}/{tender['id']}:declare-conflict",
                    json={"conflict": None, "opening_key": opener.public},
                )
            )
        return tender

    async def submitted(self, **changes: Any) -> Json:
        tender = await self.staffed(**changes)
        if not tender["open_to_all"]:
            for supplier in self.suppliers:
                same(await self.act(self.lead, "/bidders", tender, {"supplier_id": supplier["id"]}))
        return same(await self.act(self.lead, ":submit", tender))

    async def published(self, **changes: Any) -> Json:
        tender = await self.submitted(**changes)
        return same(await self.act(self.approver, ":approve", tender))

    async def read(self, tender: Json, by: httpx.AsyncClient | None = None) -> Json:
        return same(await (by or self.lead).get(f"{AT}/{tender['id']}"))


@pytest.fixture
async def house(desk: Desk, as_person: AsPerson) -> House:
    names = ("Muster Schrauben GmbH", "Nordwind Verbindungstechnik GmbH")
    suppliers = [await desk.approved(legal_name=name) for name in names]
    return House(
        desk,
        as_person,
        desk.buyer,
        as_person("ava", Role.APPROVER),
        [
            Opener(name, as_person(name, Role.APPROVER), X25519PrivateKey.generate())
            for name in ("olga", "otto", "oya")
        ],
        suppliers,
        [
            as_person(f"sue{place}", Role.SUPPLIER, supplier_id=supplier["id"])
            for place, supplier in enumerate(suppliers)
        ],
    )
