"""What HTTP itself promises: preconditions, methods, bodies, headers, and the page that shows the API."""

import re
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Depends
from prometheus_client import CollectorRegistry, Counter

from purveyor.auth import public
from purveyor.http.app import build_app
from purveyor.http.serve import numbers_served
from purveyor.service import ServiceContext

APPLE = {"label": "apple", "apples": 1, "price": {"amount": "1.50", "currency": "EUR"}}
CRATE = f"/v1/crates/{UUID(int=7)}"
"""The same in every process: tests are told apart by it."""


async def made(client):
    created = await client.post("/v1/crates", json=APPLE)
    assert created.status_code == 201, created.text
    return created.headers["location"], created.headers["etag"]


async def test_a_change_of_any_version_is_refused_like_one_of_none(client):
    address, _ = await made(client)
    refused = await client.put(address, json=APPLE, headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["code"]) == (428, "if_match_required")


@pytest.mark.parametrize("nonsense", ["", "3", '"1" "2"', "null"])
async def test_an_if_match_that_is_no_etag_of_ours_is_refused_with_its_name(client, nonsense):
    address, _ = await made(client)
    headers = {"If-Match": nonsense.encode()}
    refused = await client.put(address, json=APPLE, headers=headers)
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "/header/If-Match"
    assert 'like "3"' in error["detail"]


@pytest.mark.parametrize("foreign", ['"x"', '"-1"', '"1234567890"', '"\u0661"', '"x", W/"1"'])
async def test_an_etag_that_is_not_of_here_matches_nothing(client, foreign):
    address, _ = await made(client)
    refused = await client.put(address, json=APPLE, headers={"If-Match": foreign.encode()})
    assert (refused.status_code, refused.json()["code"]) == (412, "etag_unknown")
    assert 'like "3"' in refused.json()["detail"]
    assert (
        await client.put(address, json=APPLE, headers={"If-Match": f'{foreign}, "1"'.encode()})
    ).status_code == 200


async def test_a_weak_etag_is_refused_with_the_reason(client):
    address, etag = await made(client)
    refused = await client.put(address, json=APPLE | {"apples": 2}, headers={"If-Match": f"W/{etag}"})
    assert (refused.status_code, refused.json()["code"]) == (412, "etag_weak")
    assert "without the W/" in refused.json()["detail"]


async def test_if_match_is_documented_as_required_and_with_its_form(client):
    document = (await client.get("/openapi.json")).json()
    parameters = document["paths"]["/v1/crates/{crate_id}"]["put"]["parameters"]
    (header,) = [one for one in parameters if one["name"] == "If-Match"]
    assert header["required"] is True
    assert header["schema"]["type"] == "string"
    assert re.fullmatch(header["schema"]["pattern"], '"3"')


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", CRATE, {"GET", "HEAD", "OPTIONS", "PUT"}),
        ("DELETE", "/v1/crates", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("PUT", "/healthz", {"GET", "HEAD", "OPTIONS"}),
    ],
)
async def test_what_is_allowed_at_an_address_is_all_that_is(client, method, path, allowed):
    refused = await client.request(method, path)
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    assert set(refused.headers["allow"].split(", ")) == allowed
    assert all(method in refused.json()["detail"] for method in allowed)


async def test_another_method_on_an_action_is_not_allowed_and_an_unknown_action_is_unknown(toy):
    crates = APIRouter(prefix="/v1/crates", dependencies=[Depends(public)])

    @crates.get("/{crate_id}")
    async def look(crate_id: UUID) -> str:
        return str(crate_id)

    @crates.post("/{crate_id}:empty")
    async def empty(crate_id: UUID) -> str:
        return str(crate_id)

    app = build_app(toy, [crates], title="Toy", description="")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy") as client:
        assert (
            (await client.get(CRATE)).status_code == (await client.post(f"{CRATE}:empty")).status_code == 200
        )
        wrong = await client.get(f"{CRATE}:empty")
        unknown = await client.post(f"{CRATE}:frobnicate")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "OPTIONS, POST")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "path_unknown")


@pytest.mark.parametrize(
    ("body", "why"), [(b'{"label": "\xff"}', "at byte 11"), (b"[" * 100_000, "nested too deeply")]
)
async def test_a_body_that_cannot_be_read_is_refused_with_the_reason(client, body, why):
    refused = await client.post("/v1/crates", content=body, headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (400, "body_unreadable")
    assert why in refused.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/crates", "/v1/nothing", "/healthz", "/openapi.json", "/v1/audit"])
async def test_every_answer_tells_a_browser_to_guess_keep_and_frame_nothing(client, path):
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


async def test_the_page_that_shows_the_api_needs_nothing_from_elsewhere(client):
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "//" not in page.text
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert re.search(r"<script>|style=|onload=", page.text) is None, "its policy forbids them"
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 4
    for asset in loaded:
        answer = await client.get(f"/{asset}")
        assert answer.status_code == 200, asset
        assert "max-age" in answer.headers["cache-control"]
    assert (await client.get("/docs/../core.py")).status_code == 404
    assert (await client.get("/docs/core.py")).status_code == 404


async def test_documentation_and_numbers_can_be_taken_off_the_apis_port(toy, unused_tcp_port):
    settings = toy.settings.model_copy(update={"serve_docs": False, "metrics_port": unused_tcp_port})
    context = ServiceContext.create("toy-service", settings)
    app = build_app(context, [], title="Toy", description="")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy") as client:
        for path in ("/docs", "/docs/start.js", "/openapi.json", "/metrics"):
            assert (await client.get(path)).status_code == 404, path
        assert (await client.get("/healthz")).status_code == 200
    await context.database.close()


async def test_numbers_are_served_on_a_port_of_their_own(toy, unused_tcp_port):
    registry = CollectorRegistry()
    Counter("apples", "Counted", registry=registry).inc()
    settings = toy.settings.model_copy(update={"metrics_port": unused_tcp_port})
    async with httpx.AsyncClient() as client:
        with numbers_served(registry, settings, "127.0.0.1"):
            answer = await client.get(f"http://127.0.0.1:{unused_tcp_port}/metrics")
        assert "apples_total 1.0" in answer.text
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{unused_tcp_port}/metrics")


async def test_what_a_service_is_stands_at_its_root_for_everybody(client):
    page = await client.get("/", headers={"Authorization": ""})
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Toy</h1>" in page.text
    links = re.findall(r'href="([^"]+)"', page.text)
    assert links == ["docs", "openapi.json", "problems", "healthz", "readyz"], "those that there are"
    for link in links:
        assert (await client.get(f"/{link}")).status_code == 200, link


@pytest.mark.parametrize("path", ["/", "/problems"])
async def test_pages_load_nothing_from_elsewhere_and_may_show_their_own_style(client, path):
    page = await client.get(path)
    assert re.findall(r"src=|https?:|@import|url\(", page.text) == []
    assert "style-src 'self' 'unsafe-inline'" in page.headers["content-security-policy"]
    assert re.search(r"<script|style=", page.text) is None


async def test_the_type_of_a_problem_is_its_place_on_the_page_of_problems(client):
    refused = await client.get("/v1/crates?limit=0")
    address, _, place = refused.json()["type"].partition("#")
    page = await client.get(address)
    assert f'<article id="{place}">' in page.text
    assert "GET /v1/crates" in page.text
    codes = re.findall('<article id="([a-z_]+)">', page.text)
    assert codes == sorted(set(codes))


async def test_the_page_of_problems_may_be_elsewhere(toy):
    settings = toy.settings.model_copy(update={"problems_url": "https://purveyor.example/toy/problems"})
    context = ServiceContext.create("toy-service", settings)
    app = build_app(context, [], title="Toy", description="")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy") as client:
        refused = await client.get("/v1/nothing")
    assert refused.json()["type"] == "https://purveyor.example/toy/problems#path_unknown"
    await context.database.close()
