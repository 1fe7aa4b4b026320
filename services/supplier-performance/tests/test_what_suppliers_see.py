"""With secrets in every field of ours: nothing that a supplier is answered says one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI
from shared.messaging.tests.publishing import publish_all

from purveyor.testing.walk import answered, everything, for_suppliers, leaks, successes
from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import SCOPES_OF, Role
from supplier_performance.deliveries.queries import ON_TIME
from supplier_performance.deliveries.rules import OnTime

from .world import TODAY, World

SECRETS = {"Secret Rival GmbH", "secret-business-unit-of-the-rival"}
OF_OUR_RULES = {"policy_versions", "on_time_version", "threshold"}
EVERY_SCOPE: frozenset[str] = frozenset().union(*SCOPES_OF.values())


async def test_no_answer_to_a_supplier_says_a_secret_of_ours(
    app: FastAPI, world: World, issuer: LocalIssuer
) -> None:
    await world.decide(ON_TIME, OnTime(grace_days=1), TODAY - timedelta(days=300))
    own, rival = await world.supplier(), await world.supplier("Secret Rival GmbH")
    disputed = {}
    for supplier, unit in ((own, "BU-1"), (rival, "secret-business-unit-of-the-rival")):
        for days in (40, 30, 20):
            promised_on = TODAY - timedelta(days=days)
            order = await world.order(supplier, promised_on, business_unit=unit)
            await world.receive(order, promised_on + timedelta(days=1), rejected="1")
        disputed[supplier] = order
    await world.rescore()
    await publish_all(world.context.database, "supplier-performance")

    ids = {
        "supplier_id": [str(own), str(rival), str(uuid4()), "nonsense"],
        "name": ["on-time"],
        "code": ["on-time"],
        "version": ["1"],
        "number": ["1"],
        "parked_id": ["1"],
        "dispute_id": ["1"],
        "alert_id": [str(uuid4())],
    }

    def person(name: str, *roles: Role, **claims: Any) -> httpx.AsyncClient:
        token = issuer.token(name, *roles, scopes=EVERY_SCOPE, **claims)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://test",
            headers={"Authorization": f"Bearer {token}"},
        )

    for supplier, order in disputed.items():
        async with person("sue", Role.SUPPLIER, supplier_id=supplier) as portal:
            body = {
                "order_id": str(order.id),
                "line_number": 1,
                "reason": "secret-business-unit-of-the-rival",
            }
            body |= {"reason": "No fault of ours"} if supplier == own else {}
            opened = await portal.post(f"/v1/suppliers/{supplier}/disputes", json=body)
            ids["dispute_id"].append(opened.json()["id"])

    async with person("sue", Role.SUPPLIER, supplier_id=own) as portal:
        answers = await everything(app, portal, ids)
    assert leaks(answers, SECRETS) == []
    assert leaks(successes(answers), OF_OUR_RULES) == []
    assert answered(answers) == for_suppliers(app)

    async with person("adele", *(set(Role) - {Role.SUPPLIER})) as ours:
        said = "\n".join(answer.said for answer in await everything(app, ours, ids))
    unsaid = {secret for secret in SECRETS | OF_OUR_RULES - {"threshold"} if secret.casefold() not in said}
    assert not unsaid, "a secret that nobody is told proves nothing"
