"""Personal data is erased from the audit trail, and the trail stays whole."""

from uuid import uuid4

import httpx
import pytest
from shared.kernel.tests.test_audit import findings, seal_everything

from purveyor.erasing import erase, shown, speaks_of
from purveyor.errors import NotFoundError
from purveyor.pending import Personal
from purveyor_contract.roles import Role

ERIKA = {"name": "Erika Muster", "email": "erika@example.com"}
MAX = {"name": "Max Muster", "email": "max@example.com"}


@pytest.fixture
async def crate(toy):
    """A crate of two pickers, one of whom was exchanged, sealed."""
    crate = str(uuid4())
    for before, after in ((None, ERIKA), (ERIKA, MAX)):
        async with toy.database.transaction() as tx:
            tx.audit(
                "fill",
                "crate",
                crate,
                before=before and {"pickers": [Personal(before)], "apples": 1},
                after={"pickers": [Personal(after)], "apples": 2},
            )
    await seal_everything(toy)
    return crate


async def records(app, issuer, crate):
    headers = {"Authorization": f"Bearer {issuer.token('ada', Role.AUDITOR)}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as auditor:
        answer = await auditor.get(f"/v1/audit?entity=crate&entity_id={crate}")
    return [(one["action"], one["before"], one["after"]) for one in answer.json()["items"]]


async def test_an_auditor_sees_personal_data_until_it_is_erased(toy, app, issuer, crate):
    changed, filled = await records(app, issuer, crate)
    assert filled == ("fill", None, {"pickers": [ERIKA], "apples": 2})
    assert changed == ("fill", {"pickers": [ERIKA], "apples": 1}, {"pickers": [MAX], "apples": 2})
    async with toy.sealing.transaction() as tx:
        assert await erase(tx, "crate", crate, "ERIKA@example.com", reason="she asked for it") == 2
    erased, changed, filled = await records(app, issuer, crate)
    assert filled == ("fill", None, {"pickers": ["erased"], "apples": 2})
    assert changed == ("fill", {"pickers": ["erased"], "apples": 1}, {"pickers": [MAX], "apples": 2})
    assert (erased[0], len(erased[2]["erased"])) == ("erase", 2)


async def test_the_trail_is_whole_after_an_erasure_and_tells_of_it(toy, crate):
    assert await findings(toy) == []
    async with toy.sealing.transaction() as tx:
        assert await erase(tx, "crate", crate, None, reason="they asked for it") == 3
    await seal_everything(toy)
    assert await findings(toy) == []


async def test_nothing_of_a_person_is_in_the_chain(toy, crate):
    async with toy.database.connection() as connection:
        chain = await connection.fetchval("SELECT string_agg(audit_record::text, ' ') FROM audit_record")
    assert not any(text in chain for person in (ERIKA, MAX) for text in person.values())


async def test_erasing_what_is_not_there_is_refused(toy, crate):
    async with toy.sealing.transaction() as tx:
        with pytest.raises(NotFoundError):
            await erase(tx, "crate", crate, "nobody@example.com", reason="a mistake")


async def test_one_value_has_one_digest_in_a_record_and_another_in_the_next(toy):
    for _ in range(2):
        async with toy.database.transaction() as tx:
            tx.audit("fill", "crate", "1", before={"a": Personal(ERIKA)}, after={"b": Personal(dict(ERIKA))})
    async with toy.database.connection() as connection:
        rows = await connection.fetch("SELECT before->'a' = after->'b' AS same, before FROM audit_record")
    assert [row["same"] for row in rows] == [True, True]
    assert rows[0]["before"] != rows[1]["before"]


@pytest.mark.parametrize(
    ("value", "matching"),
    [
        ("Erika Müller", "Erika"),
        ("Erika Müller", "erika  MU\u0308LLER"),
        ("+49 89 1234567", "+49891234567"),
        ("+49 (0)89 123-4567", "+49891234567"),
        ("+49 89 1234567", "0049 89/1234567"),
        ("+49 89 1234567", "089 1234567"),
    ],
)
def test_a_value_is_found_by_part_of_it_however_it_is_written(value, matching):
    assert speaks_of({"pickers": [{"name": value}]}, matching)


@pytest.mark.parametrize(
    ("value", "matching"),
    [("Erika", "Erika Müller"), ("Erika", " "), ("+49 89 1234567", "8 9 1"), ("+49 89 1234567", "7654321")],
)
def test_a_value_is_not_found_by_what_is_not_in_it(value, matching):
    assert not speaks_of(value, matching)


def test_what_only_looks_like_a_digest_is_shown_as_it_is():
    assert shown({"personal": 1, "a": [{"personal": "x", "b": 2}]}, {}) == {
        "personal": 1,
        "a": [{"personal": "x", "b": 2}],
    }
    assert speaks_of({"a": [{"b": "Erika"}]}, "erika")
    assert not speaks_of({"a": 1}, "1")
