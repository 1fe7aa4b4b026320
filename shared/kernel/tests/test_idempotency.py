"""An `Idempotency-Key` makes a repeated request harmless: once done, it is answered, never done again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import httpx
import pytest
from shared.kernel.tests.owner import owner_of
from sqlalchemy import event
from toy_service.model import Crate

from purveyor.clock import utc_now
from purveyor.http.transaction import forget_old_answers
from purveyor_contract.roles import Role

APPLES = {"label": "a", "apples": 1}


async def crates(toy):
    async with toy.database.connection() as connection:
        return await connection.fetchval("SELECT count(*) FROM crate")


async def test_the_same_key_and_body_answer_the_same_response_and_do_nothing_again(toy, client):
    first = await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
    again = await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert await crates(toy) == 1


async def test_the_same_key_with_another_body_is_refused(toy, client):
    await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
    other = await client.post("/v1/crates", json=APPLES | {"label": "b"}, headers={"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await crates(toy) == 1


async def test_a_refused_request_leaves_its_key_free(client):
    wrong = await client.post("/v1/crates", json=APPLES | {"apples": 5000}, headers={"Idempotency-Key": "k"})
    assert wrong.status_code == 422
    right = await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
    assert right.status_code == 201


async def test_clients_do_not_share_keys(toy, app, client, issuer):
    await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
    token = issuer.token("another", Role.BUYER, scopes=["toy:crates:write"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as another:
        response = await another.post(
            "/v1/crates",
            json=APPLES | {"label": "b"},
            headers={"Idempotency-Key": "k", "Authorization": f"Bearer {token}"},
        )
    assert response.status_code == 201
    assert await crates(toy) == 2


async def test_a_client_and_a_subject_are_two_things_whatever_their_names(toy, app, issuer):
    answers = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as anybody:
        for client_id, subject in (("a", "b c"), ("a b", "c"), ("a%20b", "c")):
            token = issuer.token(subject, Role.BUYER, scopes=["toy:crates:write"], client=client_id)
            headers = {"Idempotency-Key": "k", "Authorization": f"Bearer {token}"}
            crate = APPLES | {"label": f"of {client_id} and {subject}"}
            answers.append(await anybody.post("/v1/crates", json=crate, headers=headers))
    assert [response.status_code for response in answers] == [201, 201, 201]
    assert not any("idempotent-replayed" in response.headers for response in answers)


async def test_an_answer_is_not_given_again_to_whom_the_right_was_taken(client, app, issuer):
    await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
    token = issuer.token("bo", Role.BUYER, scopes=["toy:crates:read"])
    headers = {"Idempotency-Key": "k", "Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as former:
        refused = await former.post("/v1/crates", json=APPLES, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_required")


async def test_no_connection_is_held_while_a_body_arrives_or_for_whom_has_no_right(toy, app, issuer):
    lent = []

    async def arriving():
        yield b'{"label": "a", '
        lent.append(toy.database.engine.pool.checkedout())
        yield b'"apples": 1}'

    writer = issuer.token("bo", Role.BUYER, scopes=["toy:crates:write"])
    headers = {"Authorization": f"Bearer {writer}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as slow:
        created = await slow.post("/v1/crates", content=arriving(), headers=headers)
        assert (created.status_code, lent) == (201, [0])
        checked_out = []
        event.listen(toy.database.engine.sync_engine, "checkout", lambda *_: checked_out.append(1))
        stranger = issuer.token("bo", scopes=["toy:crates:write"])
        headers["Authorization"] = f"Bearer {stranger}"
        refused = await slow.post("/v1/crates", json=APPLES, headers=headers)
    assert (refused.status_code, checked_out) == (403, [])


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_key_out_of_range_is_refused(client, key):
    response = await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": key})
    assert response.status_code == 422


async def test_a_key_on_a_change_that_is_idempotent_by_itself_is_ignored(client):
    created = await client.post("/v1/crates", json=APPLES)
    headers = {"Idempotency-Key": "k", "If-Match": created.headers["etag"]}
    address = created.headers["location"]
    assert (await client.put(address, json=APPLES | {"apples": 2}, headers=headers)).status_code == 200
    assert (await client.put(address, json=APPLES | {"apples": 2}, headers=headers)).status_code == 412


async def test_many_requests_at_once_with_one_key_do_it_once(toy, client):
    responses = await asyncio.gather(
        *(client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"}) for _ in range(12))
    )
    answers = {(response.status_code, response.json().get("code")) for response in responses}
    assert answers <= {(201, None), (409, "idempotency_key_in_flight")}
    assert (201, None) in answers
    assert len({response.content for response in responses if response.status_code == 201}) == 1
    assert await crates(toy) == 1


async def test_a_request_that_did_not_see_the_others_answer_is_refused_when_it_writes_its_own(toy, client):
    """The claim's snapshot can predate the first commit: then the key itself stops the second."""
    async with owner_of(toy) as other:
        await other.execute(
            """
            CREATE FUNCTION first_commits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO idempotency_record (client, key, fingerprint, status, headers, body, at)
              VALUES ('bo bo', 'k', 'x', 201, '{}', 'x', now());
              RETURN NEW;
            END $$;
            CREATE TRIGGER first_commits BEFORE INSERT ON crate EXECUTE FUNCTION first_commits()
            """
        )
        try:
            response = await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
        finally:
            await other.execute("DROP TRIGGER first_commits ON crate; DROP FUNCTION first_commits")
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_key_in_flight")
    assert response.headers["retry-after"] == "1"
    assert await crates(toy) == 0


async def test_dying_between_insert_and_commit_leaves_neither_crate_nor_answer(toy, client):
    async with owner_of(toy) as administrator:
        await administrator.execute(
            """
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
            CREATE TRIGGER die AFTER INSERT ON idempotency_record EXECUTE FUNCTION die()
            """
        )
        try:
            died = await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
        finally:
            await administrator.execute("DROP TRIGGER die ON idempotency_record; DROP FUNCTION die")
    assert (died.status_code, died.json()["code"]) == (503, "database_unavailable")
    assert await crates(toy) == 0
    again = await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
    assert again.status_code == 201
    assert await crates(toy) == 1


async def test_a_commit_that_fails_is_never_followed_by_a_success(toy, client):
    async with owner_of(toy) as administrator:
        await administrator.execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'; END $$;
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON crate DEFERRABLE INITIALLY DEFERRED
              FOR EACH ROW EXECUTE FUNCTION refuse()
            """
        )
        try:
            response = await client.post("/v1/crates", json=APPLES)
        finally:
            await administrator.execute("DROP TRIGGER refuse ON crate; DROP FUNCTION refuse")
    assert (response.status_code, response.json()["code"]) == (409, "constraint_violated")
    assert await crates(toy) == 0


async def test_two_who_change_a_crate_at_once_do_not_overwrite_each_other(toy, client):
    created = (await client.post("/v1/crates", json=APPLES)).json()
    async with toy.database.transaction() as tx:
        crate = await tx.session.get(Crate, created["id"])
        async with toy.database.connection() as other:
            await other.execute("UPDATE crate SET version = version + 1")
        crate.apples = 7
        with pytest.raises(Exception, match="expected to update 1 row"):
            await tx.flush()
        await tx.close_session()


async def test_answers_are_forgotten_after_a_day(toy, client):
    await client.post("/v1/crates", json=APPLES, headers={"Idempotency-Key": "k"})
    for later, kept in ((timedelta(hours=23), 1), (timedelta(hours=25), 0)):
        async with toy.database.transaction() as tx:
            tx.now = utc_now() + later
            assert not await forget_old_answers(tx)
        async with toy.database.connection() as connection:
            assert await connection.fetchval("SELECT count(*) FROM idempotency_record") == kept


async def test_a_database_that_was_restarted_costs_no_request(toy, client):
    await client.get("/v1/crates")
    connection = await asyncpg.connect(toy.settings.database_url.get_secret_value())
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    await connection.close()
    await asyncio.sleep(0.1)
    assert (await client.get("/v1/crates")).status_code == 200


async def test_where_a_gateway_has_the_service_stands_before_a_location_once(toy, app, client):
    settings = toy.settings.model_copy(update={"public_path": "/toys"})
    app.state.context = replace(toy, settings=settings)
    headers = {"Idempotency-Key": "behind a gateway"}
    for _ in range(2):
        created = await client.post("/v1/crates", json={"label": "a", "apples": 1}, headers=headers)
        assert created.headers["location"] == f"/toys/v1/crates/{created.json()['id']}"
