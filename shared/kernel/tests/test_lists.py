"""Lists: every row once in order, whatever is asked; and no change is missed by who asks for changes."""

import asyncio
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from toy_service.api import CRATES
from toy_service.model import Crate

from purveyor.db import Database
from purveyor.errors import InvalidError
from purveyor.http.lists import SPARSE
from purveyor.lists import COUNTED, Asked, find
from purveyor.testing.databases import as_runtime
from purveyor_contract.roles import Role

SORTS = sorted(CRATES.all_sorts())
ORDER = {
    "label": lambda crate: (crate.label, crate.id),
    "apples": lambda crate: (crate.apples, crate.id),
    "updated": lambda crate: (crate.changed_in, crate.id),
}


@pytest.fixture
async def database(toy_database):
    """The toy service's database, as the service itself uses it."""
    database = Database(as_runtime(toy_database), application_name="test")
    yield database
    await database.close()


async def fill(database, *contents):
    """Fill a crate with each number of apples; return their ids."""
    async with database.transaction() as tx:
        start = len(contents) and await tx.connection.fetchval("SELECT count(*) FROM crate")
        crates = [Crate(label=f"crate {start + place:03}", apples=n) for place, n in enumerate(contents)]
        tx.session.add_all(crates)
    return [crate.id for crate in crates]


async def asked_of(database, **asked):
    """Return what one page of crates answers."""
    async with database.transaction() as tx:
        return await find(tx, select(Crate), Asked(listing=CRATES, **({"filters": {}, "limit": 50} | asked)))


async def walk(database, **asked):
    """Return what all pages of a list answer together, and its first page."""
    first = page = await asked_of(database, **asked)
    met = list(page.rows)
    while page.next_cursor is not None:
        page = await asked_of(database, **asked, cursor=page.next_cursor)
        assert page.next_updated_after == first.next_updated_after
        met += page.rows
    return met, first


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    contents=st.lists(st.integers(0, 4), max_size=25),
    sort=st.sampled_from(SORTS),
    limit=st.integers(1, 9),
    bounds=st.tuples(st.integers(0, 4) | st.none(), st.integers(0, 4) | st.none()),
    empty=st.booleans() | st.none(),
)
async def test_every_walk_meets_each_row_that_is_asked_for_once_and_in_order(
    database, contents, sort, limit, bounds, empty
):
    async with database.transaction() as tx:
        await tx.connection.execute("DELETE FROM crate")
    await fill(database, *contents)
    first, last = bounds
    filters = {"apples_from": first, "apples_to": last, "empty": empty}
    filters = {name: value for name, value in filters.items() if value is not None}
    met, page = await walk(database, sort=sort, limit=limit, filters=filters, total=True)
    expected = [
        apples
        for apples in contents
        if (first is None or apples >= first)
        and (last is None or apples <= last)
        and (empty is None or (apples == 0) is empty)
    ]
    assert sorted(crate.apples for crate in met) == sorted(expected)
    assert met == sorted(met, key=ORDER[sort.removeprefix("-")], reverse=sort.startswith("-"))
    assert len({crate.id for crate in met}) == len(met)
    assert (page.total.count, page.total.exact) == (len(expected), True)


async def test_a_change_that_commits_late_is_not_missed(database):
    first, second = await fill(database, 1, 2)
    async with database.transaction() as late:
        await late.connection.execute("UPDATE crate SET apples = 10 WHERE id = $1", first)
        async with database.transaction() as quick:
            await quick.connection.execute("UPDATE crate SET apples = 20 WHERE id = $1", second)
        before, page = await walk(database)
    assert {crate.id: crate.apples for crate in before} == {first: 1, second: 20}
    changed, after = await walk(database, updated_after=page.next_updated_after)
    assert {crate.id: crate.apples for crate in changed}[first] == 10
    again, _ = await walk(database, updated_after=after.next_updated_after)
    assert again == []


async def test_a_change_in_the_middle_of_a_walk_is_told_by_the_next_one(database):
    ids = await fill(database, *range(6))
    page = await asked_of(database, limit=2, sort="apples")
    async with database.transaction() as tx:
        await tx.connection.execute("UPDATE crate SET apples = 0 WHERE id = $1", ids[5])
    rest = await asked_of(database, limit=50, sort="apples", cursor=page.next_cursor)
    assert ids[5] not in {crate.id for crate in [*page.rows, *rest.rows]}
    changed, _ = await walk(database, updated_after=rest.next_updated_after)
    assert [crate.id for crate in changed] == [ids[5]]


async def test_a_reader_who_asks_for_changes_ends_with_all_that_many_writers_wrote(database):
    ids = await fill(database, *[0] * 8)
    known, mark, done = {}, None, asyncio.Event()

    async def read():
        nonlocal mark
        met, page = await walk(database, updated_after=mark, limit=3)
        known.update({crate.id: crate.apples for crate in met})
        mark = page.next_updated_after

    async def write(writer):
        for turn in range(12):
            async with database.transaction() as tx:
                await tx.connection.execute("SELECT pg_current_xact_id()")
                await asyncio.sleep(0.002 * ((writer * 7 + turn * 3) % 5))
                crate = ids[(writer * 3 + turn) % len(ids)]
                await tx.connection.execute("UPDATE crate SET apples = apples + 1 WHERE id = $1", crate)
                await asyncio.sleep(0.002 * ((writer + turn) % 4))

    async def follow():
        while not done.is_set():
            await read()

    reader = asyncio.create_task(follow())
    await asyncio.gather(*map(write, range(5)))
    done.set()
    await reader
    await read()
    async with database.transaction() as tx:
        truth = await tx.connection.fetch("SELECT id, apples FROM crate")
    assert known == {row["id"]: row["apples"] for row in truth}
    assert sum(known.values()) == 60


@pytest.mark.parametrize("mark", ["00000000-1", "x", "0-0", ""])
async def test_a_mark_of_another_database_is_refused(database, mark):
    with pytest.raises(InvalidError, match="read the whole list once"):
        await asked_of(database, updated_after=mark)


async def test_a_mark_of_transactions_that_a_restored_database_has_lost_is_refused(database):
    incarnation, _, reached = (await asked_of(database)).next_updated_after.partition("-")
    with pytest.raises(InvalidError, match="restored"):
        await asked_of(database, updated_after=f"{incarnation}-{int(reached) + 1_000_000}")


async def test_a_cursor_goes_with_its_sort_and_filters_only(database):
    await fill(database, 1, 1, 1)
    asked = {"limit": 1, "sort": "apples", "filters": {"apples_from": 1}}
    cursor = (await asked_of(database, **asked)).next_cursor
    assert len((await asked_of(database, **asked, cursor=cursor)).rows) == 1
    for other in ({"sort": "label"}, {"filters": {"apples_from": 0}}, {"filters": {}}, {"sort": "-apples"}):
        with pytest.raises(InvalidError, match="start from the first page"):
            await asked_of(database, **(asked | other), cursor=cursor)


async def test_a_total_is_counted_so_far_and_says_so(database):
    async with database.transaction() as tx:
        await tx.connection.execute(
            "INSERT INTO crate (id, version, sequence, label, apples) "
            "SELECT gen_random_uuid(), 1, 0, n::text, 1 FROM generate_series(0, $1::integer) AS n",
            COUNTED,
        )
    total = (await asked_of(database, total=True)).total
    assert (total.count, total.exact) == (COUNTED, False)


async def test_a_page_says_where_it_goes_on_and_which_fields_were_picked(client, database):
    ids = await fill(database, 1, 2, 3)
    answer = await client.get("/v1/crates?fields=label&fields=apples&sort=-apples&limit=2&total=true")
    assert answer.headers["content-type"] == SPARSE
    assert answer.json()["items"] == [
        {"label": "crate 002", "apples": 3},
        {"label": "crate 001", "apples": 2},
    ]
    assert answer.json()["total"] == {"count": 3, "exact": True}
    link = answer.headers["link"]
    assert link.startswith("<?")
    assert link.endswith('>; rel="next"')
    query = parse_qsl(link[2:].partition(">")[0])
    following = await client.get("/v1/crates", params=query)
    assert following.json()["items"] == [{"label": "crate 000", "apples": 1}]
    assert "link" not in following.headers
    some = await client.get("/v1/crates", params=[("id", str(ids[0])), ("id", str(ids[2]))])
    assert [item["id"] for item in some.json()["items"]] == [str(ids[0]), str(ids[2])]


async def test_picked_fields_are_called_json_to_a_caller_who_takes_that_alone(client, database):
    await fill(database, 1)
    for accept, kind in (
        ("application/json", "application/json"),
        ("application/*", SPARSE),
        ("*/*", SPARSE),
    ):
        answer = await client.get("/v1/crates?fields=apples", headers={"Accept": accept})
        assert (answer.headers["content-type"], answer.json()["items"]) == (kind, [{"apples": 1}])


@pytest.mark.parametrize(
    ("query", "pointer", "said"),
    [
        ("fields=colour", "/query/fields", "'id', 'label' or 'apples'"),
        ("sort=colour", "/query/sort", "'label', '-label'"),
        ("apples_from=few", "/query/apples_from", "integer"),
        ("cursor=%00", "/query/cursor", "pattern"),
        ("id=7", "/query/id", "UUID"),
        ("apples_from=3&apples_to=2", "/query/apples_to", "lies before apples_from, 3"),
        ("&".join(["label=a"] * 101), "/query/label", "at most 100"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_what_can(client, query, pointer, said):
    refused = await client.get(f"/v1/crates?{query}")
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert error["pointer"] == pointer
    assert said in error["detail"]


async def test_a_supplier_asks_for_nothing_that_it_is_not_shown(issuer, client):
    token = issuer.token(
        "sue", Role.SUPPLIER, scopes=["toy:crates:read"], supplier_id="0199c0de-0000-7000-8000-000000000001"
    )
    refused = await client.get("/v1/crates?empty=true", headers={"Authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_for_suppliers")
