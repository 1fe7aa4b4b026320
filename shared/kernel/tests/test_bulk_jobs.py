"""Bulk jobs: rows kept and worked on later, part by part, each row once whatever dies in between."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
from toy_service.api import IMPORT

from purveyor import bulk_jobs
from purveyor.http import bulk
from purveyor.http.app import build_app
from purveyor.http.bulk_jobs import bulk_jobs_router
from purveyor_contract.roles import Role

LATER = {"Content-Type": "application/x-ndjson", "Prefer": "respond-async, wait=5"}
WORK, FORGET = bulk.chores((IMPORT,))


@pytest.fixture
def app(toy):
    from toy_service.api import router  # noqa: PLC0415  # importable once the conftest has been read

    jobs = bulk_jobs_router(Role.BUYER, Role.ADMIN)
    return build_app(toy, [router, jobs], title="Toy", description="A toy", tags={"crates": "Apples"})


@pytest.fixture
def client_of(app, issuer):
    def client_of(subject, *roles):
        token = issuer.token(subject, *roles, scopes=["toy:crates:read", "toy:crates:write", "bulk:jobs"])
        bearer = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers=bearer)

    return client_of


@pytest.fixture
def bo(client_of):
    return client_of("bo", Role.BUYER)


def crates(many, **changes):
    return [{"label": f"crate {number}", "apples": number % 7} | changes for number in range(many)]


def ndjson(rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


async def ask(client, rows, **params):
    answer = await client.post("/v1/crates:import", content=ndjson(rows), headers=LATER, params=params)
    assert answer.status_code == 202, answer.text
    return answer


async def work(toy, times=1_000):
    """Do what a worker does, so many parts at most; returns how many it did."""
    for done in range(times):
        async with toy.database.transaction() as tx:
            tx.actor = "chore"
            if not await WORK.run(tx):
                return done
    return times


async def killed_while_working(toy):
    async with toy.database.transaction() as tx:
        assert await WORK.run(tx)
        raise RuntimeError("killed")


async def results(client, job):
    answer = await client.get(f"/v1/bulk-jobs/{job['id']}/results")
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def count(toy, table):
    async with toy.database.connection() as connection:
        return await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608


async def test_rows_are_kept_worked_on_and_their_results_read(toy, bo):
    bad = {"label": "too many", "apples": 5000}
    answer = await ask(bo, [*crates(450), bad, {"label": 7}])
    job = answer.json()
    assert answer.headers["location"] == f"/v1/bulk-jobs/{job['id']}"
    assert answer.headers["preference-applied"] == "respond-async"
    assert (job["status"], job["rows"], job["done"], job["asked_by"]) == ("waiting", 452, 0, "bo")
    assert await count(toy, "crate") == 0
    assert await work(toy, times=1) == 1
    halfway = (await bo.get(answer.headers["location"])).json()
    assert (halfway["status"], halfway["done"], len(await results(bo, job))) == ("running", 200, 200)
    await work(toy)
    job = (await bo.get(answer.headers["location"])).json()
    assert (job["status"], job["done"], job["refused"]) == ("done", 452, 2)
    assert job["finished_at"] is not None
    *good, too_many, wrong = await results(bo, job)
    assert [result["line"] for result in good] == list(range(1, 451))
    assert {result["status"] for result in good} == {"created"}
    assert (too_many["code"], wrong["code"]) == ("too_many", "row_not_valid")
    async with toy.database.connection() as connection:
        actors = await connection.fetch(
            "SELECT DISTINCT actor, request_id FROM audit_record WHERE entity = 'crate'"
        )
    assert [tuple(actor) for actor in actors] == [("bo", answer.headers["x-request-id"])]


async def test_csv_is_kept_with_the_same_refusals_as_it_has_at_once(toy, bo):
    body = 'label;apples\na;1\nb\nc;1,5\n"d";2\n'
    headers = {"Content-Type": "text/csv", "Prefer": "respond-async"}
    job = (await bo.post("/v1/crates:import", content=body, headers=headers)).json()
    await work(toy)
    later = await results(bo, job)
    assert [(r["line"], r["status"]) for r in later] == [
        (2, "created"),
        (3, "refused"),
        (4, "refused"),
        (5, "created"),
    ]
    at_once = await bo.post("/v1/crates:import", content=body, headers={"Content-Type": "text/csv"})
    assert [json.loads(line)["errors"] for line in at_once.text.splitlines()] == [r["errors"] for r in later]
    wrong = await bo.post("/v1/crates:import", content="lable\na\n", headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "csv_header_wrong")


async def test_a_worker_that_dies_in_a_part_leaves_it_to_the_next_and_nothing_is_done_twice(toy, bo):
    job = (await ask(bo, crates(450))).json()
    await work(toy, times=1)
    with pytest.raises(RuntimeError, match="killed"):
        await killed_while_working(toy)
    assert len(await results(bo, job)) == 200
    assert await work(toy) == 2
    assert {result["status"] for result in await results(bo, job)} == {"created"}
    assert await count(toy, "crate") == await count(toy, "outbox") == 450


async def test_several_workers_at_once_do_every_row_once(toy, bo):
    jobs = [(await ask(bo, crates(500, label=f"of job {nth}"))).json() for nth in range(2)]
    rows = [{"label": f"{nth} {number}", "apples": 1} for nth in range(2) for number in range(500)]
    jobs += [(await ask(bo, rows)).json()]
    done = await asyncio.gather(*(work(toy) for _ in range(4)))
    while await work(toy):
        pass
    shown = [(await bo.get(f"/v1/bulk-jobs/{job['id']}")).json() for job in jobs]
    assert sum(done) <= 11
    assert [(job["status"], job["done"]) for job in shown] == [("done", 500), ("done", 500), ("done", 1_000)]
    assert await count(toy, "crate WHERE label ~ '^[01] '") == 1_000


async def test_a_job_is_cancelled_behind_the_part_that_is_done(toy, bo):
    job = (await ask(bo, crates(450))).json()
    await work(toy, times=1)
    cancelled = await bo.post(f"/v1/bulk-jobs/{job['id']}:cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert await work(toy) == 0
    assert await count(toy, "crate") == len(await results(bo, job)) == 200
    again = await bo.post(f"/v1/bulk-jobs/{job['id']}:cancel")
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert (await bo.get(f"/v1/bulk-jobs/{job['id']}")).json()["finished_at"] is not None


@pytest.mark.parametrize("atomic", [False, True])
async def test_a_cancelled_job_ends_when_nothing_of_it_is_under_way_any_more(toy, bo, monkeypatch, atomic):
    job = (await ask(bo, crates(450), atomic=atomic)).json()
    before_it_is_noted, going_on = asyncio.Event(), asyncio.Event()
    advance = bulk_jobs.advance

    async def slowly(*arguments, **more):
        before_it_is_noted.set()
        await going_on.wait()
        return await advance(*arguments, **more)

    monkeypatch.setattr(bulk_jobs, "advance", slowly)
    working = asyncio.create_task(work(toy, times=1))
    await before_it_is_noted.wait()
    cancelled = (await bo.post(f"/v1/bulk-jobs/{job['id']}:cancel")).json()
    assert (cancelled["status"], cancelled["finished_at"]) == ("cancelled", None)
    assert await work(toy) == 0
    shown = (await bo.get(f"/v1/bulk-jobs/{job['id']}")).json()
    assert (shown["finished_at"], shown["done"]) == (None, 0)
    going_on.set()
    await working
    assert await work(toy) == 0
    shown = (await bo.get(f"/v1/bulk-jobs/{job['id']}")).json()
    assert shown["finished_at"] is not None
    assert shown["done"] == len(await results(bo, job)) == await count(toy, "crate") == (0 if atomic else 200)


async def test_a_cancelled_job_ends_though_its_worker_died_in_a_part(toy, bo):
    job = (await ask(bo, crates(450))).json()
    with pytest.raises(RuntimeError, match="killed"):
        await killed_while_working(toy)
    await bo.post(f"/v1/bulk-jobs/{job['id']}:cancel")
    assert await work(toy) == 0
    shown = (await bo.get(f"/v1/bulk-jobs/{job['id']}")).json()
    assert (shown["status"], shown["done"], await count(toy, "crate")) == ("cancelled", 0, 0)
    assert shown["finished_at"] is not None


async def test_what_a_job_does_is_of_the_trace_of_the_request_that_asked_for_it(toy, bo):
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = LATER | {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    await bo.post("/v1/crates:import", content=ndjson(crates(2)), headers=headers)
    await work(toy)
    async with toy.database.connection() as connection:
        told = [row["traceparent"] for row in await connection.fetch("SELECT traceparent FROM outbox")]
    assert [one.split("-")[1] for one in told] == [trace_id] * 2


async def test_an_atomic_job_is_refused_as_a_whole_with_a_problem(toy, bo):
    job = (await ask(bo, [*crates(450), {"label": "too many", "apples": 5000}], atomic=True)).json()
    await work(toy)
    job = (await bo.get(f"/v1/bulk-jobs/{job['id']}")).json()
    assert (job["status"], job["refused"], job["problem"]["code"]) == ("refused", 1, "rows_refused")
    assert job["problem"]["errors"] == [{"line": 451, "pointer": "/apples", "detail": "At most 1000"}]
    assert await count(toy, "crate") == await count(toy, "outbox") == 0
    assert await results(bo, job) == []


async def test_an_atomic_job_without_a_bad_row_is_done_as_a_whole(toy, bo):
    job = (await ask(bo, crates(450), atomic=True)).json()
    assert await work(toy) == 1
    job = (await bo.get(f"/v1/bulk-jobs/{job['id']}")).json()
    assert (job["status"], job["done"], len(await results(bo, job))) == ("done", 450, 450)
    assert await count(toy, "crate") == 450


async def test_a_mistake_of_ours_costs_its_row_and_stops_no_job(toy, bo):
    job = (await ask(bo, [{"label": "bug", "apples": 1}, {"label": "a", "apples": 1}])).json()
    await work(toy)
    assert [result["code"] for result in await results(bo, job)] == ["internal_error", None]


async def test_a_job_is_seen_by_who_asked_for_it_and_by_an_admin(bo, client_of):
    job = (await ask(bo, crates(1))).json()
    bea, ada = client_of("bea", Role.BUYER), client_of("ada", Role.ADMIN)
    for method, path in (("GET", ""), ("GET", "/results"), ("POST", ":cancel")):
        answer = await bea.request(method, f"/v1/bulk-jobs/{job['id']}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "bulk_job_not_found")
    assert (await bea.get("/v1/bulk-jobs")).json()["items"] == []
    for client in (bo, ada):
        assert [one["id"] for one in (await client.get("/v1/bulk-jobs")).json()["items"]] == [job["id"]]
    assert (await ada.post(f"/v1/bulk-jobs/{job['id']}:cancel")).status_code == 200


async def test_without_the_preference_the_answer_is_at_once(bo):
    for preference in ("return=minimal", "wait=10"):
        headers = LATER | {"Prefer": preference}
        answer = await bo.post("/v1/crates:import", content=ndjson(crates(1)), headers=headers)
        assert answer.status_code == 200
        assert "preference-applied" not in answer.headers


async def test_a_job_without_rows_is_done(bo):
    assert (await ask(bo, [])).json()["status"] == "done"


async def test_jobs_are_forgotten_some_days_after_their_end(toy, bo, monkeypatch):
    finished, waiting = (await ask(bo, crates(1))).json(), None
    await work(toy)
    waiting = (await ask(bo, crates(1))).json()
    async with toy.database.transaction() as tx:
        assert not await FORGET.run(tx)
    assert (await bo.get(f"/v1/bulk-jobs/{finished['id']}")).status_code == 200
    now = toy.database.clock
    monkeypatch.setattr(toy.database, "clock", lambda: now() + timedelta(days=8))
    async with toy.database.transaction() as tx:
        await FORGET.run(tx)
    assert (await bo.get(f"/v1/bulk-jobs/{finished['id']}")).status_code == 404
    assert (await bo.get(f"/v1/bulk-jobs/{waiting['id']}")).status_code == 200
