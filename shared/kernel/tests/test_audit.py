"""The audit trail: every change leaves a record, and no record can be changed, added or removed unseen."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import to_json
from shared.kernel.tests.owner import owner_of

from purveyor.audit.chain import CONTENT, Finding, Head, digest, read_head
from purveyor.audit.sealing import seal
from purveyor.audit.verifying import verify
from purveyor.signing import record_signature, signed_with
from purveyor_contract.roles import Role

KEY = b"k" * 32
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

COPY = """
INSERT INTO audit_record
SELECT gen_random_uuid(), at, 'eve', action, entity, entity_id, before, after, reason, request_id,
  {}, hash, hash, signature, signed
FROM audit_record WHERE position = {}
"""


async def record(toy, count=7):
    async with toy.database.transaction() as tx:
        tx.actor, tx.request_id = "bo", "r-1"
        for number in range(count):
            tx.audit(
                "fill",
                "crate",
                uuid4(),
                before=None,
                after={"label": f"crate {number} ÄÖ", "weight": "1.50", "apples": number},
                reason="harvest",
            )


async def seal_everything(toy):
    more = True
    while more:
        async with toy.sealing.transaction() as tx:
            more = await seal(tx)


async def findings(toy, expected_head=None):
    async with toy.database.connection() as connection:
        return [(f.kind, f.position) async for f in verify(connection, expected_head)]


async def tamper(toy, *statements):
    """Change the trail as the database's superuser may, whom no trigger stops."""
    async with owner_of(toy) as connection:
        await connection.execute("SET session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)


@pytest.fixture
async def sealed(toy):
    """Seven sealed records, and the noted end of their chain."""
    await record(toy)
    await seal_everything(toy)
    async with toy.database.connection() as connection:
        return await read_head(connection)


async def test_an_untouched_chain_has_no_findings(toy, sealed):
    assert sealed.position == 7
    assert await findings(toy, sealed) == []
    assert Head.parse(str(sealed)) == sealed


async def test_records_are_sealed_in_the_order_in_which_they_are_numbered(toy, sealed):
    await record(toy, 3)
    await seal_everything(toy)
    async with toy.database.connection() as connection:
        rows = await connection.fetch("SELECT position FROM audit_record ORDER BY id")
    assert [row["position"] for row in rows] == list(range(1, 11))
    assert await findings(toy, sealed) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'eve'",
        "action = 'empty'",
        "entity = 'barrel'",
        "entity_id = 'x'",
        "at = at + interval '1 microsecond'",
        "before = '{}'",
        "after = jsonb_set(after, '{weight}', '\"1.5\"')",
        "after = jsonb_set(after, '{apples}', '2.00')",
        "after = NULL",
        "reason = NULL",
        "request_id = 'r-2'",
        "id = gen_random_uuid()",
        "hash = sha256('x')",
        "signature = sha256('x')",
        "signed = false",
        "signed = NULL",
    ],
)
async def test_a_changed_record_is_found(toy, sealed, change):
    await tamper(toy, f"UPDATE audit_record SET {change} WHERE position = 3")  # noqa: S608
    assert ("changed", 3) in await findings(toy)


async def test_a_record_that_was_changed_and_sealed_anew_is_found_by_the_next_one(toy, sealed):
    await tamper(toy, "UPDATE audit_record SET actor = 'eve' WHERE position = 3")
    await reseal(toy, 3)
    assert await findings(toy) == [("changed", 3)]


async def test_a_last_record_that_was_changed_and_sealed_anew_is_found_by_the_noted_end(toy, sealed):
    await tamper(toy, "UPDATE audit_record SET actor = 'eve' WHERE position = 7")
    await reseal(toy, 7)
    assert await findings(toy) == [("head", 7)]


@pytest.mark.parametrize("position", [1, 4, 7])
async def test_a_removed_record_is_found(toy, sealed, position):
    await tamper(toy, f"DELETE FROM audit_record WHERE position = {position}")  # noqa: S608
    assert await findings(toy) == [("removed", position)]


async def test_the_last_records_removed_together_are_found(toy, sealed):
    await tamper(toy, "DELETE FROM audit_record WHERE position > 4")
    async with toy.database.connection() as connection:
        [finding] = [finding async for finding in verify(connection)]
    assert finding == Finding("removed", 5, "There is no record at positions 5 to 7")


async def test_removing_everything_is_found(toy, sealed):
    await tamper(toy, "DELETE FROM audit_record")
    assert await findings(toy) == [("removed", 1)]
    await tamper(toy, "DELETE FROM audit_head")
    assert await findings(toy, sealed) == [("head", 7)]


async def test_an_added_record_is_found(toy, sealed):
    await tamper(
        toy,
        COPY.format(8, 7),
    )
    await reseal(toy, 8)
    assert await findings(toy) == [("added", 8)]


async def test_a_record_added_in_between_is_found(toy, sealed):
    await tamper(
        toy,
        "UPDATE audit_record SET position = -position WHERE position > 3",
        "UPDATE audit_record SET position = 1 - position WHERE position < 0",
        COPY.format(4, 3),
    )
    await reseal(toy, 4)
    found = await findings(toy)
    assert ("added", 8) in found
    assert ("changed", 5) in found


async def test_records_that_changed_places_are_found(toy, sealed):
    await tamper(
        toy,
        "UPDATE audit_record SET position = -position WHERE position IN (2, 5)",
        "UPDATE audit_record SET position = 7 + position WHERE position < 0",
    )
    assert await findings(toy) == [("changed", 2), ("changed", 5)]


async def test_a_noted_end_that_was_tampered_with_is_found(toy, sealed):
    await tamper(toy, "UPDATE audit_head SET hash = sha256('x')")
    assert await findings(toy) == [("head", 7)]
    await tamper(toy, "DELETE FROM audit_head")
    assert ("head", 7) in await findings(toy)


async def test_an_end_moved_back_over_removed_records_is_found_by_one_noted_outside(toy, sealed):
    await tamper(
        toy,
        "DELETE FROM audit_record WHERE position > 5",
        "UPDATE audit_head SET position = 5, hash = (SELECT hash FROM audit_record WHERE position = 5)",
    )
    assert await findings(toy) == []
    assert await findings(toy, sealed) == [("head", 7)]
    await record(toy, 4)
    await seal_everything(toy)
    assert await findings(toy, sealed) == [("head", 7)]


async def test_several_workers_seal_one_chain(toy):
    for _ in range(5):
        await record(toy, 40)
        await asyncio.gather(*(seal_everything(toy) for _ in range(4)))
    await seal_everything(toy)
    async with toy.database.connection() as connection:
        assert (await read_head(connection)).position == 200
    assert await findings(toy) == []


async def test_an_auditor_reads_what_was_done_to_a_thing_page_by_page(toy, app, issuer, sealed):
    token = issuer.token("ada", Role.AUDITOR)
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as auditor:
        first = (await auditor.get("/v1/audit?entity=crate&actor=bo&limit=4")).json()
        rest = (await auditor.get(f"/v1/audit?entity=crate&actor=bo&cursor={first['next_cursor']}")).json()
        assert [record["position"] for record in first["items"] + rest["items"]] == [7, 6, 5, 4, 3, 2, 1]
        assert rest["next_cursor"] is None
        assert first["items"][0]["after"] == {"label": "crate 6 ÄÖ", "weight": "1.50", "apples": 6}
        assert (await auditor.get("/v1/audit?entity=barrel")).json()["items"] == []
        one = first["items"][0]["entity_id"]
        assert len((await auditor.get(f"/v1/audit?entity=crate&entity_id={one}")).json()["items"]) == 1


async def test_who_is_no_auditor_does_not_read_the_trail(client):
    assert (await client.get("/v1/audit")).status_code == 403


async def reseal(toy, position):
    """Compute a record's hash anew, as somebody would who knows how it is done."""
    content = f"SELECT previous, signed, {CONTENT} FROM audit_record WHERE position = $1"  # noqa: S608
    async with toy.database.connection() as connection:
        row = await connection.fetchrow(content, position)
    sealed = digest(position, row["previous"], row, row["signed"]).hex()
    await tamper(toy, f"UPDATE audit_record SET hash = '\\x{sealed}' WHERE position = {position}")  # noqa: S608


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
NUMBERS = (
    st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False, places=6)
)
JSONS = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(
    after=st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0")), JSONS, max_size=4)
)
async def test_a_record_is_signed_for_what_it_says_however_postgresql_writes_it(toy, after):
    async with toy.database.connection() as connection:
        text = to_json(after).decode()
        stored = await connection.fetchval("SELECT $1::jsonb::text", text)
    record = (uuid4(), NOON, "bo", "fill", "crate", "1", None)
    signature = record_signature(KEY, (*record, text, None, None))
    assert signed_with([b"another", KEY], (*record, stored, None, None), signature)
    assert not signed_with([KEY], (*record, stored, "r", None), signature)
    assert not signed_with([b"another"], (*record, stored, None, None), signature)
