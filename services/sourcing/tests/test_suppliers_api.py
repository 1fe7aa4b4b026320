"""Suppliers over HTTP, against a real database."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from purveyor.service import ServiceContext

Json = dict[str, Any]


def details(**changes: Any) -> Json:
    return {
        "legal_name": "Muster Schrauben GmbH",
        "country": "DE",
        "categories": ["fasteners", "bearings"],
    } | changes


async def registered(client: httpx.AsyncClient, **changes: Any) -> Json:
    response = await client.post("/v1/suppliers", json=details(**changes))
    assert response.status_code == 201, response.text
    return response.json() | {"etag": response.headers["etag"]}


async def act(client: httpx.AsyncClient, supplier: Json, action: str, **body: Any) -> httpx.Response:
    current = await client.get(f"/v1/suppliers/{supplier['id']}")
    return await client.post(
        f"/v1/suppliers/{supplier['id']}:{action}",
        json=body or None,
        headers={"If-Match": current.headers["etag"]},
    )


async def submitted(bob: httpx.AsyncClient, **changes: Any) -> Json:
    supplier = await registered(bob, **changes)
    response = await act(bob, supplier, "submit")
    assert response.status_code == 200, response.text
    return response.json()


async def approved(bob: httpx.AsyncClient, carla: httpx.AsyncClient, **changes: Any) -> Json:
    supplier = await submitted(bob, **changes)
    response = await act(carla, supplier, "approve", categories=["fasteners"], expires_on="2027-12-31")
    assert response.status_code == 200, response.text
    return response.json()


async def events(context: ServiceContext, supplier: Json) -> list[tuple[str, Json]]:
    async with context.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT type, data FROM outbox WHERE key = $1 ORDER BY sequence", supplier["id"]
        )
    return [(row["type"].split(".")[2], row["data"]) for row in rows]


async def test_a_supplier_is_registered_submitted_approved_suspended_and_terminated(
    bob: httpx.AsyncClient, carla: httpx.AsyncClient, context: ServiceContext
) -> None:
    supplier = await approved(bob, carla)
    assert supplier["status"] == "approved"
    assert supplier["number"] == "S-000001"
    assert supplier["approvals"][0]["expires_on"] == "2027-12-31"
    for action, status in (("suspend", "suspended"), ("reinstate", "approved"), ("terminate", "terminated")):
        response = await act(carla, supplier, action, reason="Because")
        assert response.status_code == 200, response.text
        assert response.json()["status"] == status
        assert response.json()["status_reason"] == "Because"
    assert [name for name, _ in await events(context, supplier)] == [
        "SupplierRegistered",
        "SupplierApproved",
        "SupplierSuspended",
        "SupplierReinstated",
        "SupplierTerminated",
    ]


async def test_of_two_approvals_at_once_one_is_told_that_the_supplier_changed(
    bob: httpx.AsyncClient, carla: httpx.AsyncClient
) -> None:
    supplier = await submitted(bob)
    etag = (await bob.get(f"/v1/suppliers/{supplier['id']}")).headers["etag"]
    answers = await asyncio.gather(
        *(
            carla.post(
                f"/v1/suppliers/{supplier['id']}:approve",
                json={"categories": [category], "expires_on": "2027-01-01"},
                headers={"If-Match": etag},
            )
            for category in ("fasteners", "bearings")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
