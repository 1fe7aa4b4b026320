"""Problems, limits and documentation: whatever is sent, the answer is one a program can act on."""

import asyncio
import json
from contextlib import AsyncExitStack
from typing import Annotated
from uuid import uuid4

import asyncpg
import httpx
import pytest
from asyncpg.transaction import Transaction as DatabaseTransaction
from fastapi import APIRouter
from shared.kernel.tests.owner import owner_of
from shared.kernel.tests.silence import SilentProxy

from purveyor.auth import Principal, requires
from purveyor.http.app import build_app
from purveyor.http.health import accepts_connections
from purveyor.http.transaction import Tx
from purveyor.service import ServiceContext
from purveyor.settings import Settings
from purveyor_contract.roles import Role

APPLE = {"label": "a", "apples": 1}
JSON = {"Content-Type": "application/json"}
HEALTHY_SECONDS = 10
"""What it may take to answer, and to be well again, when a database's host has vanished and come back."""


def problem(response):
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == response.status_code
    assert document["type"] == f"/problems#{document['code']}"
    assert document["request_id"] == response.headers["x-request-id"]
    return response.status_code, document["code"]


async def test_a_request_keeps_its_id_and_gets_one_when_it_has_none_or_a_strange_one(client):
    assert (await client.get("/healthz", headers={"X-Request-Id": "abc-1"})).headers[
        "x-request-id"
    ] == "abc-1"
    given = (await client.get("/healthz", headers={"X-Request-Id": 'a"b\t{'})).headers["x-request-id"]
    assert len(given) == 36


async def test_unknown_paths_and_methods_are_problems(client):
    assert problem(await client.get("/v1/pears")) == (404, "path_unknown")
    assert problem(await client.get("/v1/crates/")) == (404, "path_unknown")
    refused = await client.delete("/v1/crates")
    assert problem(refused) == (405, "method_not_allowed")
    assert refused.headers["allow"]
    assert problem(await client.get(f"/v1/crates/{uuid4()}")) == (404, "crate_not_found")


async def test_a_wrong_field_is_named_by_its_pointer(client):
    response = await client.post("/v1/crates", json={"label": "", "apples": "many"})
    assert problem(response) == (422, "validation_failed")
    assert [error["pointer"] for error in response.json()["errors"]] == ["/label", "/apples"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", None])
async def test_a_body_that_is_said_to_be_no_json_is_of_another_kind(client, kind):
    headers = {} if kind is None else {"Content-Type": kind}
    refused = await client.post("/v1/crates", content=b'{"label": "a", "apples": 1}', headers=headers)
    assert problem(refused) == (415, "unsupported_media_type")
    assert "application/json" in refused.json()["detail"]
    without_token = await client.post(
        "/v1/crates", content=b"{}", headers=headers | {"Authorization": "Bearer no"}
    )
    assert without_token.status_code == 401


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/a+json"]
)
async def test_json_is_json_however_its_kind_is_written(client, kind):
    done = await client.post(
        "/v1/crates", content=b'{"label": "a", "apples": 1}', headers={"Content-Type": kind}
    )
    assert done.status_code == 201


async def test_a_body_that_is_no_json_is_refused_with_the_place(client):
    response = await client.post("/v1/crates", content=b'{"label": "a",, }', headers=JSON)
    assert problem(response) == (422, "validation_failed")
    assert "character 14" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize("body", [b"\xff\xfe{", b"[" * 100_000, b'{"apples": ' + b"9" * 5000 + b"}"])
async def test_a_body_that_cannot_even_be_parsed_is_a_bad_request(client, body):
    assert problem(await client.post("/v1/crates", content=body, headers=JSON))[0] in {400, 422}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label", "nul \0 inside"),
        ("apples", 10**30),
        ("apples", 2**31),
        ("weight", "NaN"),
        ("weight", "Infinity"),
        ("weight", "1e999999"),
        ("weight", "-1e-999999"),
    ],
)
async def test_values_that_no_database_holds_are_refused_and_never_a_failure(client, field, value):
    response = await client.post("/v1/crates", json=APPLE | {field: value})
    assert problem(response)[0] == 422


@pytest.mark.parametrize("literal", [b"NaN", b"Infinity", b"1e999", b"-1e400"])
async def test_numbers_that_are_none_are_refused(client, literal):
    body = b'{"label": "a", "apples": 1, "weight": ' + literal + b"}"
    assert problem(await client.post("/v1/crates", content=body, headers=JSON))[0] == 422


async def test_a_text_in_the_query_that_no_database_holds_is_refused(client):
    assert problem(await client.get("/v1/crates", params={"label": "nul \0"})) == (422, "value_not_storable")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=nonsense", "cursor=%00"])
async def test_pages_out_of_range_are_refused(client, query):
    assert problem(await client.get(f"/v1/crates?{query}"))[0] == 422


async def test_a_body_is_refused_when_it_says_that_it_is_too_large(toy, client):
    body = b"x" * (toy.settings.max_body_bytes + 1)
    assert problem(await client.post("/v1/crates", content=body, headers=JSON)) == (413, "body_too_large")


async def test_a_body_is_refused_when_it_turns_out_too_large(toy, client):
    async def parts():
        for _ in range(toy.settings.max_body_bytes // 1000 + 1):
            yield b" " * 1000

    refused = await client.post("/v1/crates", content=parts(), headers=JSON)
    assert problem(refused) == (413, "body_too_large")


async def test_a_bulk_stream_may_be_larger_than_any_other_body(toy, client):
    row = json.dumps(APPLE).encode() + b" " * 1000 + b"\n"
    times = toy.settings.max_body_bytes // len(row) + 10
    response = await client.post(
        "/v1/crates:import", content=row * times, headers={"Content-Type": "application/x-ndjson"}
    )
    assert response.status_code == 200
    assert len(response.text.splitlines()) == times


async def test_a_mistake_of_ours_tells_nothing_of_the_inside(client):
    response = await client.post("/v1/crates", json=APPLE | {"label": "bug"})
    assert problem(response) == (500, "internal_error")
    assert "secret" not in response.text
    assert "Traceback" not in response.text


async def test_a_duplicate_key_is_a_conflict(client):
    assert (await client.post("/v1/crates", json=APPLE)).status_code == 201
    assert problem(await client.post("/v1/crates", json=APPLE)) == (409, "already_exists")


async def test_a_change_needs_the_version_that_it_is_based_on(client):
    created = await client.post("/v1/crates", json=APPLE)
    address, seen = created.headers["location"], {"If-Match": created.headers["etag"]}
    assert problem(await client.put(address, json=APPLE)) == (428, "if_match_required")
    assert (await client.put(address, json=APPLE | {"apples": 2}, headers=seen)).status_code == 200
    stale = await client.put(address, json=APPLE | {"apples": 3}, headers=seen)
    assert problem(stale) == (412, "changed_meanwhile")
    assert stale.json()["current_etag"] == '"2"'


async def test_without_a_database_the_answer_is_to_come_back(issuer):
    settings = Settings(
        database_url="postgresql://nobody@127.0.0.1:1/none",
        oidc_issuer=issuer.url,
        oidc_jwks_file=issuer.jwks_file,
    )
    context = ServiceContext.create("toy-service", settings)
    from toy_service.api import router  # noqa: PLC0415

    app = build_app(context, [router], title="Toy", description="A toy")
    token = issuer.token("bo", Role.BUYER, scopes=["toy:crates:read"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        response = await client.get("/v1/crates", headers={"Authorization": f"Bearer {token}"})
        assert problem(response) == (503, "database_unavailable")
        assert response.headers["retry-after"] == "1"
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["database"]) == (503, "ConnectionRefusedError")
        assert (await client.get("/healthz")).status_code == 200
    await context.database.close()


async def test_a_service_is_ready_when_its_database_is_migrated(client):
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "ready", "database": "ok", "migrations": "ok", "clock": "ok", "database_roles": "ok"},
    )


async def test_a_transport_is_ready_when_any_of_its_addresses_answers(unused_tcp_port):
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await accepts_connections(f"127.0.0.1:{unused_tcp_port}, 127.0.0.1:{port}")()
    server.close()
    with pytest.raises(OSError, match="Connect call failed"):
        await accepts_connections(f"127.0.0.1:{unused_tcp_port}")()


def test_an_app_with_a_route_that_declares_nothing_is_not_built(toy):
    forgotten = APIRouter()

    @forgotten.get("/v1/forgotten")
    async def forgotten_route() -> None:
        """Forget to say who may call."""

    with pytest.raises(RuntimeError, match="/v1/forgotten"):
        build_app(toy, [forgotten], title="Toy", description="A toy")


def test_a_route_that_would_forget_its_answer_is_not_built(toy):
    forgetful = APIRouter()

    @forgetful.post("/v1/forgetful")
    async def forgetful_route(tx: Tx, by: Annotated[Principal, requires("toy:crates:write")]) -> None:
        """Take an Idempotency-Key and keep no answer."""

    with pytest.raises(RuntimeError, match="/v1/forgetful"):
        build_app(toy, [forgetful], title="Toy", description="A toy")


async def test_an_api_answers_while_its_database_has_vanished_and_is_well_ten_seconds_after(
    toy_database, issuer
):
    from toy_service.api import router  # noqa: PLC0415

    token = issuer.token("bo", Role.BUYER, scopes=["toy:crates:read", "toy:crates:write"])
    async with SilentProxy(toy_database) as proxy:
        settings = Settings(database_url=proxy.url, oidc_issuer=issuer.url, oidc_jwks_file=issuer.jwks_file)
        context = ServiceContext.create("toy-service", settings)
        app = build_app(context, [router], title="Toy", description="A toy")
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://test",
            headers={"Authorization": f"Bearer {token}"},
        ) as client:

            async def fill_some(number):
                crates = ({"label": uuid4().hex[:8], "apples": 1} for _ in range(number))
                return await asyncio.gather(*(client.post("/v1/crates", json=crate) for crate in crates))

            assert {answer.status_code for answer in await fill_some(12)} == {201}
            assert (await client.get("/readyz")).status_code == 200
            proxy.back.clear()
            proxy.fall_silent()
            async with asyncio.timeout(HEALTHY_SECONDS):
                refused = await fill_some(4)  # the pool keeps others, as dead
            assert {problem(answer) for answer in refused} == {(503, "database_unavailable")}
            assert (await client.get("/readyz")).status_code == 503
            proxy.back.set()
            async with asyncio.timeout(HEALTHY_SECONDS):
                while (await client.get("/readyz")).status_code != 200:  # noqa: ASYNC110  # only asking tells
                    await asyncio.sleep(0.2)
                assert {answer.status_code for answer in await fill_some(6)} == {201}
        await context.database.close()


async def test_when_all_connections_are_in_use_the_answer_is_to_come_back(toy, client):
    pool = toy.database.engine.sync_engine.pool
    pool._timeout = 0.05
    async with AsyncExitStack() as held:
        for _ in range(pool.size()):
            await held.enter_async_context(toy.database.connection())
        refused = await client.post("/v1/crates", json={"label": "a", "apples": 1})
        assert problem(refused) == (503, "database_unavailable")
        assert refused.headers["retry-after"] == "1"
        assert (await client.get("/v1/crates")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200


async def test_a_connection_that_dies_as_the_commit_begins_is_an_absent_database(toy, client, monkeypatch):
    commit, used = DatabaseTransaction.commit, []
    async with toy.database.connection() as connection:
        ours = await connection.fetchval("SELECT current_database()")

    async def fail_once(self):
        here = await self._connection.fetchval("SELECT current_database()")
        if here == ours and not used:  # what else commits in this process is left alone
            used.append(self._connection)
            raise asyncpg.InternalClientError("cannot switch to state 15; another operation is in progress")
        await commit(self)

    monkeypatch.setattr(DatabaseTransaction, "commit", fail_once)
    refused = await client.post("/v1/crates", json={"label": "a", "apples": 1})
    assert problem(refused) == (503, "database_unavailable")
    assert used[0].is_closed(), "nobody else is lent it"
    assert (await client.post("/v1/crates", json={"label": "a", "apples": 1})).status_code == 201


async def test_while_one_thing_is_locked_everything_else_goes_on(toy, client):
    first, second = [
        await client.post("/v1/crates", json={"label": label, "apples": 1}) for label in ("locked", "free")
    ]
    changes = [
        {"method": "PUT", "url": made.headers["location"], "headers": {"If-Match": made.headers["etag"]}}
        for made in (first, second)
    ]
    async with toy.database.transaction() as other:
        await other.connection.execute("SELECT 1 FROM crate WHERE label = 'locked' FOR UPDATE")
        waiting = [
            asyncio.create_task(client.request(**changes[0], json={"label": "locked", "apples": 2}))
            for _ in range(30)
        ]
        changed = await client.request(**changes[1], json={"label": "free", "apples": 2})
        assert changed.status_code == 200
        assert (await client.get("/v1/crates")).status_code == 200
        assert (await client.get("/readyz")).status_code == 200
        assert not any(request.done() for request in waiting)
        assert "purveyor_http_requests_waiting 28.0" in (await client.get("/metrics")).text
    answers = [response.status_code for response in await asyncio.gather(*waiting)]
    assert sorted(answers) == [200] + [412] * 29


async def test_who_waits_too_long_for_what_is_locked_is_told_when_to_come_back(toy, app, client):
    made = await client.post("/v1/crates", json={"label": "locked", "apples": 1})
    app.state.turns.patience_seconds = 0.05
    async with toy.database.transaction() as other:
        await other.connection.execute("SELECT 1 FROM crate WHERE label = 'locked' FOR UPDATE")
        requests = [
            client.put(
                made.headers["location"],
                json={"label": "locked", "apples": 2},
                headers={"If-Match": made.headers["etag"]},
            )
            for _ in range(5)
        ]
        answers = await asyncio.gather(*requests)
    assert [problem(answer) for answer in answers] == [(409, "busy")] * 5
    assert {answer.headers["retry-after"] for answer in answers} == {"1"}


async def test_another_spelling_of_an_id_waits_in_the_same_line(toy, app, client):
    made = await client.post("/v1/crates", json={"label": "locked", "apples": 1})
    app.state.turns.patience_seconds = 0.05
    collection, _, crate_id = made.headers["location"].rpartition("/")
    spellings = [
        crate_id,
        crate_id.upper(),
        f"{{{crate_id}}}",
        crate_id.replace("-", ""),
        f"urn:uuid:{crate_id}",
    ]
    async with toy.database.transaction() as other:
        await other.connection.execute("SELECT 1 FROM crate WHERE label = 'locked' FOR UPDATE")
        requests = [
            client.put(
                f"{collection}/{spelling}",
                json={"label": "locked", "apples": 2},
                headers={"If-Match": made.headers["etag"]},
            )
            for spelling in spellings
        ]
        answers = await asyncio.gather(*requests)
    assert [problem(answer) for answer in answers] == [(409, "busy")] * len(spellings)


async def test_a_deadlock_is_nobodys_fault_and_may_be_tried_again(toy, client):
    created = await client.post("/v1/crates", json=APPLE)
    async with owner_of(toy) as administrator:
        await administrator.execute(
            """
            CREATE FUNCTION deadlock() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = 'deadlock_detected'; END $$;
            CREATE TRIGGER deadlock BEFORE UPDATE ON crate FOR EACH ROW EXECUTE FUNCTION deadlock()
            """
        )
        try:
            refused = await client.put(
                created.headers["location"],
                json=APPLE | {"apples": 2},
                headers={"If-Match": created.headers["etag"]},
            )
        finally:
            await administrator.execute("DROP TRIGGER deadlock ON crate; DROP FUNCTION deadlock")
    assert problem(refused) == (503, "try_again")


async def test_every_operation_is_documented_with_what_it_may_refuse(client):
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == "1"
    put = document["paths"]["/v1/crates/{crate_id}"]["put"]
    assert put["operationId"] == "refillCrate"
    assert {"401", "403", "404", "409", "412", "413", "422", "428", "503"} <= put["responses"].keys()
    assert put["responses"]["422"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in json.dumps(document)
    upload = document["paths"]["/v1/crates:import"]["post"]
    assert upload["requestBody"]["content"].keys() == {"application/x-ndjson", "text/csv"}
    assert upload["responses"]["200"]["content"].keys() == {"application/x-ndjson"}
    assert (await client.get("/docs")).status_code == 200
