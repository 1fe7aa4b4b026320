"""A limit of requests worked on at once: one too many is refused, and a probe never is."""

import asyncio
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter

from purveyor.auth import Principal, requires
from purveyor.http.app import build_app
from purveyor.http.transaction import TransactionRoute
from purveyor.service import ServiceContext

MOST = 3


@pytest.fixture
async def slow(toy, issuer):
    """An API with few places, whose only route waits until it is told to go on."""
    go_on, at_work = asyncio.Event(), asyncio.Semaphore(0)
    router = APIRouter(route_class=TransactionRoute)

    @router.post("/v1/work")
    async def work(by: Annotated[Principal, requires("toy:work")], what: dict[str, str]) -> dict[str, str]:
        at_work.release()
        await go_on.wait()
        return what

    context = ServiceContext.create("toy-service", toy.settings.model_copy(update={"max_requests": MOST}))
    app = build_app(context, [router], title="Slow", description="")
    bearer = {"Authorization": f"Bearer {issuer.token('bo', scopes=['toy:work'])}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test", headers=bearer
    ) as client:
        yield client, go_on, at_work
    await context.database.close()


async def test_one_request_too_many_is_refused_and_probes_are_answered(slow):
    client, go_on, at_work = slow
    working = [asyncio.create_task(client.post("/v1/work", json={})) for _ in range(MOST)]
    for _ in range(MOST):
        await at_work.acquire()
    refused = await client.post("/v1/work", json={})
    assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
    assert refused.headers["retry-after"] == "1"
    assert (await client.get("/v1/nothing")).status_code == 503
    for probe in ("/healthz", "/readyz", "/metrics"):
        assert (await client.get(probe)).status_code == 200
    go_on.set()
    assert [answer.status_code for answer in await asyncio.gather(*working)] == [200] * MOST
    assert (await client.post("/v1/work", json={})).status_code == 200


async def test_who_has_not_sent_a_whole_request_takes_no_place(slow):
    client, go_on, _ = slow
    go_on.set()
    rest = asyncio.Event()

    async def slowly():
        yield b"{"
        await rest.wait()
        yield b"}"

    header = {"Content-Type": "application/json"}
    sending = [
        asyncio.create_task(client.post("/v1/work", content=slowly(), headers=header))
        for _ in range(MOST * 4)
    ]
    await asyncio.sleep(0.1)
    assert (await client.post("/v1/work", json={})).status_code == 200
    rest.set()
    assert {answer.status_code for answer in await asyncio.gather(*sending)} <= {200, 503}


async def test_a_place_is_left_by_whoever_fails(slow):
    client, _, _ = slow
    for _ in range(MOST * 2):
        assert (await client.post("/v1/work", json=[])).status_code == 422
        assert (await client.get("/v1/nothing")).status_code == 404
