"""Forgeries of the audit trail, each tried as the database's superuser, and found; prints its figures."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from prometheus_client import CollectorRegistry, Gauge
from shared.kernel.tests.owner import owner_of

from purveyor.anchoring import Anchoring, DivergedError, compare, is_due
from purveyor.anchors import Anchor, FilePlace
from purveyor.audit.chain import CONTENT, GENESIS, Head, digest, read_head, read_waiting
from purveyor.audit.sealing import seal
from purveyor.audit.verifying import verify
from purveyor.pending import Personal
from purveyor.signing import SigningKey, public_keys

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
RECORDS = 5
ANCHORS = 3
BEFORE_CHRIST = "'4000-01-01 00:00+00 BC'"
AN_HOUR_AGO = "now() - interval '1 hour'"
CHECK = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_audit_record_can_be_sealed'"


@dataclass
class Trail:
    """A service's trail, its places, and who tampers with it."""

    toy: object
    folder: Path
    key: SigningKey
    stranger: SigningKey
    minutes: int = 0

    @property
    def place(self):
        return FilePlace(self.folder / "toy-service.jsonl")

    def anchoring(self, key=None):
        gauge = Gauge("anchored", "", ["service"], registry=CollectorRegistry())
        return Anchoring("toy-service", key or self.key, [self.place], gauge)

    async def record(self, count=RECORDS):
        for number in range(count):
            async with self.toy.database.transaction() as tx:
                tx.actor = "bo"
                tx.audit(
                    "fill", "crate", uuid4(), after={"apples": number, "picker": Personal({"name": "Erika"})}
                )

    async def seal(self):
        more = True
        while more:
            async with self.toy.sealing.transaction() as tx:
                more = await seal(tx)

    async def anchor(self):
        """Anchor what was sealed, a minute after the last time."""
        self.minutes += 1
        more = True
        while more:
            async with self.toy.sealing.transaction() as tx:
                tx.now += timedelta(minutes=2 * self.minutes)
                more = await self.anchoring().work(tx)

    async def go_on(self):
        await self.record()
        await self.seal()
        await self.anchor()

    async def as_superuser(self, *statements):
        async with owner_of(self.toy) as connection:
            await connection.execute("SET session_replication_role = replica")
            for statement in statements:
                await connection.execute(statement)

    async def unchecked(self, statement):
        """Do what the table refuses, as if it had been done before the check came."""
        async with owner_of(self.toy) as connection:
            check = await connection.fetchval(CHECK)
        name = "CONSTRAINT ck_audit_record_can_be_sealed"
        await self.as_superuser(
            f"ALTER TABLE audit_record DROP {name}", statement, f"ALTER TABLE audit_record ADD {name} {check}"
        )

    async def seal_anew(self, first=1):
        """Rebuild the chain from a record on, and its end, as somebody would who knows how it is done."""
        async with owner_of(self.toy) as connection:
            await connection.execute("SET session_replication_role = replica")
            before = await connection.fetchval("SELECT hash FROM audit_record WHERE position = $1", first - 1)
            rows = await connection.fetch(
                f"SELECT signed, {CONTENT} FROM audit_record WHERE position >= $1 ORDER BY position",  # noqa: S608
                first,
            )
            await connection.execute(
                "UPDATE audit_record SET position = -position WHERE position >= $1", first
            )
            head = Head(first - 1, before or GENESIS)
            for row in rows:
                following = Head(head.position + 1, digest(head.position + 1, head.hash, row, row["signed"]))
                await connection.execute(
                    "UPDATE audit_record SET position = $2, previous = $3, hash = $4 WHERE id = $1",
                    row["id"],
                    following.position,
                    head.hash,
                    following.hash,
                )
                head = following
            await connection.execute(
                "UPDATE audit_head SET position = $1, hash = $2", head.position, head.hash
            )

    def lines(self):
        return self.place.file.read_text().splitlines(keepends=True)

    def write(self, *lines):
        self.place.file.write_text("".join(lines))

    async def findings(self):
        keys = public_keys(self.folder / "public.pem")
        async with self.toy.database.transaction() as tx:
            connection, now = tx.connection, tx.now + timedelta(days=1)
            found = [finding async for finding in compare(connection, "toy-service", [self.place], keys, now)]
        async with self.toy.database.connection() as connection:
            return found + [finding async for finding in verify(connection, keys=[b"k" * 32])]


async def change_a_field(trail):
    await trail.as_superuser("UPDATE audit_record SET actor = 'eve' WHERE position = 3")


async def change_a_field_and_seal_anew(trail):
    await trail.as_superuser("UPDATE audit_record SET actor = 'eve' WHERE position = 3")
    await trail.seal_anew(3)


async def change_the_last_record_and_seal_anew(trail):
    await trail.as_superuser("UPDATE audit_record SET actor = 'eve' WHERE position = 15")
    await trail.seal_anew(RECORDS * ANCHORS)


async def delete_the_middle(trail):
    await trail.as_superuser("DELETE FROM audit_record WHERE position BETWEEN 6 AND 8")


async def delete_the_middle_and_seal_anew(trail):
    await delete_the_middle(trail)
    await trail.seal_anew()


async def delete_the_tail(trail):
    await trail.as_superuser("DELETE FROM audit_record WHERE position > 12")


async def delete_the_tail_and_move_the_head_back(trail):
    await delete_the_tail(trail)
    await trail.seal_anew()


async def delete_the_tail_and_go_on(trail):
    await delete_the_tail_and_move_the_head_back(trail)
    await trail.record()
    await trail.seal()


async def move_the_head_back(trail):
    await trail.as_superuser(
        "UPDATE audit_head SET (position, hash) = "
        "(SELECT position, hash FROM audit_record WHERE position = 4)"
    )


async def insert_a_record(trail):
    await trail.as_superuser(
        "UPDATE audit_record SET position = -position - 1 WHERE position > 7",
        "UPDATE audit_record SET position = -position WHERE position < 0",
        "INSERT INTO audit_record SELECT gen_random_uuid(), at, 'eve', action, entity, entity_id, before,"
        " after, reason, request_id, 8, previous, hash, signature, true FROM audit_record WHERE position = 7",
    )


async def insert_a_record_and_seal_anew(trail):
    await insert_a_record(trail)
    await trail.seal_anew()


async def exchange_two_records_and_seal_anew(trail):
    await trail.as_superuser(
        "UPDATE audit_record SET position = -position WHERE position IN (2, 5)",
        "UPDATE audit_record SET position = 7 + position WHERE position < 0",
    )
    await trail.seal_anew()


async def rebuild_everything(trail):
    await trail.as_superuser("UPDATE audit_record SET at = at - interval '1 day'")
    await trail.seal_anew()


async def empty_everything(trail):
    await trail.as_superuser("DELETE FROM audit_record", "DELETE FROM audit_head", "DELETE FROM audit_anchor")


async def take_the_triggers_away_and_change(trail):
    async with owner_of(trail.toy) as owner, owner.transaction():
        await owner.execute("ALTER TABLE audit_record DISABLE TRIGGER USER")
        await owner.execute("UPDATE audit_record SET reason = 'forged' WHERE position = 2")
        await owner.execute("ALTER TABLE audit_record ENABLE TRIGGER USER")
    await trail.seal_anew(2)


async def forget_the_last_anchor_in_the_database(trail):
    await trail.as_superuser("DELETE FROM audit_anchor WHERE number = 3")


async def cut_the_anchor_file(trail):
    trail.write(*trail.lines()[:-1])


async def delete_the_anchor_file(trail):
    trail.place.file.unlink()


async def take_an_anchor_out(trail):
    lines = trail.lines()
    trail.write(lines[0], *lines[2:])


async def change_an_anchor(trail):
    trail.write(
        *trail.lines()[:-1], trail.lines()[-1].replace(f'"position":{RECORDS * ANCHORS}', '"position":2')
    )


async def replay_an_anchor_in_place_of_the_last(trail):
    lines = trail.lines()
    trail.write(*lines[:-1], lines[0])


async def replay_an_anchor_at_the_end(trail):
    anchor = Anchor.signed(trail.key, None, service="toy-service", at=NOON, position=2, hash="00")
    trail.write(*trail.lines(), anchor.document + "\n")


async def tell_the_anchor_of_another_service(trail):
    anchor = Anchor.signed(trail.key, None, service="another", at=NOON, position=2, hash="00")
    trail.write(*trail.lines(), anchor.document + "\n")


async def rewrite_trail_and_anchors_with_another_key(trail):
    await rebuild_everything(trail)
    await trail.as_superuser("DELETE FROM audit_anchor")
    trail.place.file.unlink()
    async with trail.toy.sealing.transaction() as tx:
        await trail.anchoring(trail.stranger).work(tx)
    async with trail.toy.sealing.transaction() as tx:
        await trail.anchoring(trail.stranger).work(tx)


async def rewrite_the_trail_and_the_databases_anchors(trail):
    await rebuild_everything(trail)
    await trail.as_superuser("DELETE FROM audit_anchor")


async def change_a_record_before_its_seal(trail):
    await trail.record(1)
    await trail.as_superuser("UPDATE audit_record SET actor = 'eve' WHERE position IS NULL")
    await trail.seal()


async def insert_a_record_before_its_seal(trail):
    await trail.as_superuser(
        "INSERT INTO audit_record SELECT gen_random_uuid(), now(), 'eve', action, entity, entity_id, before,"
        " after, reason, request_id, NULL, NULL, NULL, signature FROM audit_record WHERE position = 7"
    )
    await trail.seal()


async def insert_a_record_as_the_runtime_without_its_key(trail):
    async with trail.toy.database.connection() as connection:
        await connection.execute(
            "INSERT INTO audit_record (id, at, actor, action, entity, entity_id)"
            " VALUES (gen_random_uuid(), now(), 'eve', 'approve', 'crate', '1')"
        )
    await trail.seal()


async def remove_a_personal_value(trail):
    await trail.as_superuser("DELETE FROM audit_personal")


async def change_a_personal_value(trail):
    await trail.as_superuser("""UPDATE audit_personal SET value = '{"name": "Eve"}'""")


async def remove_a_personal_value_and_say_that_it_was_erased(trail):
    erased = "jsonb_build_object('erased', (SELECT array_agg(encode(digest, 'hex')) FROM audit_personal))"
    await trail.as_superuser(
        "INSERT INTO audit_record (id, at, actor, action, entity, entity_id, after) "  # noqa: S608
        f"VALUES (gen_random_uuid(), now(), 'operator:eve', 'erase', 'crate', '1', {erased})",
        "DELETE FROM audit_personal",
    )
    await trail.seal()


async def keep_a_record_from_its_seal(trail):
    await trail.record(1)
    await trail.as_superuser(
        f"UPDATE audit_record SET written_at = {AN_HOUR_AGO} WHERE position IS NULL"  # noqa: S608
    )


async def write_a_record_that_cannot_be_sealed(trail):
    await trail.unchecked(
        "INSERT INTO audit_record (id, at, actor, action, entity, entity_id, written_at) VALUES "  # noqa: S608
        f"('00000000-0000-0000-0000-000000000001', {BEFORE_CHRIST}, 'eve', 'x', 'y', 'z', {AN_HOUR_AGO})"
    )
    await trail.record(1)
    await trail.seal()


async def move_a_sealed_record_out_of_every_calendar(trail):
    await trail.unchecked(f"UPDATE audit_record SET at = {BEFORE_CHRIST} WHERE position = 3")  # noqa: S608


async def say_as_the_sealing_login(trail, action, after):
    """Seal a record that nobody signed as if somebody had, and move the end; needs no superuser."""
    async with trail.toy.sealing.connection() as sealing:
        await sealing.execute(
            "INSERT INTO audit_record (id, at, actor, action, entity, entity_id, after, signature)"  # noqa: S608
            f" VALUES (gen_random_uuid(), now(), 'cara', $1, 'crate', '1', {after},"
            " decode(repeat('00', 32), 'hex'))",
            action,
        )
        head = await read_head(sealing)
        row = await sealing.fetchrow(f"SELECT {CONTENT} FROM audit_record WHERE position IS NULL")  # noqa: S608
        hash_ = digest(head.position + 1, head.hash, row, signed=True)
        await sealing.execute(
            "UPDATE audit_record SET position = $1, previous = $2, hash = $3, signed = true WHERE id = $4",
            *(head.position + 1, head.hash, hash_, row["id"]),
        )
        await sealing.execute("UPDATE audit_head SET position = $1, hash = $2", head.position + 1, hash_)


async def approve_as_the_sealing_login(trail):
    await say_as_the_sealing_login(trail, "approve", "NULL")


async def erase_as_the_sealing_login(trail):
    erased = "jsonb_build_object('erased', (SELECT array_agg(encode(digest, 'hex')) FROM audit_personal))"
    await say_as_the_sealing_login(trail, "erase", erased)
    async with trail.toy.sealing.connection() as sealing:
        await sealing.execute("DELETE FROM audit_personal")


FORGERIES = [
    approve_as_the_sealing_login,
    erase_as_the_sealing_login,
    keep_a_record_from_its_seal,
    write_a_record_that_cannot_be_sealed,
    move_a_sealed_record_out_of_every_calendar,
    remove_a_personal_value,
    change_a_personal_value,
    remove_a_personal_value_and_say_that_it_was_erased,
    change_a_record_before_its_seal,
    insert_a_record_before_its_seal,
    insert_a_record_as_the_runtime_without_its_key,
    change_a_field,
    change_a_field_and_seal_anew,
    change_the_last_record_and_seal_anew,
    delete_the_middle,
    delete_the_middle_and_seal_anew,
    delete_the_tail,
    delete_the_tail_and_move_the_head_back,
    delete_the_tail_and_go_on,
    move_the_head_back,
    insert_a_record,
    insert_a_record_and_seal_anew,
    exchange_two_records_and_seal_anew,
    rebuild_everything,
    empty_everything,
    take_the_triggers_away_and_change,
    forget_the_last_anchor_in_the_database,
    cut_the_anchor_file,
    delete_the_anchor_file,
    take_an_anchor_out,
    change_an_anchor,
    replay_an_anchor_in_place_of_the_last,
    replay_an_anchor_at_the_end,
    tell_the_anchor_of_another_service,
    rewrite_trail_and_anchors_with_another_key,
    rewrite_the_trail_and_the_databases_anchors,
]


@pytest.fixture
async def fresh_trail(toy, databases, tmp_path):
    """Return what makes a trail of three anchored batches where nothing else has happened."""
    toy_database = toy.settings.migration_url

    async def fresh():
        await databases.restore(toy_database)
        folder = tmp_path / uuid4().hex
        folder.mkdir()
        trail = Trail(
            toy, folder, SigningKey.make(folder / "key.pem"), SigningKey.make(folder / "stranger.pem")
        )
        (folder / "public.pem").write_text(trail.key.public_pem)
        for _ in range(ANCHORS):
            await trail.go_on()
        return trail

    return fresh


async def test_every_forgery_is_found(fresh_trail, capsys):
    table = {}
    for forge in FORGERIES:
        trail = await fresh_trail()
        assert await trail.findings() == []
        await forge(trail)
        table[forge.__name__.replace("_", " ")] = await trail.findings()
    found = {name: findings for name, findings in table.items() if findings}
    with capsys.disabled():
        print(f"\nForgeries of the audit trail: {len(table)} tried, {len(found)} found")  # noqa: T201
        for name, findings in table.items():
            kinds = ", ".join(sorted({finding.kind for finding in findings})) or "NOT FOUND"
            print(f"  {name:55} {kinds}")  # noqa: T201
    assert found.keys() == table.keys()


async def test_sealing_goes_around_a_record_that_cannot_be_sealed(fresh_trail):
    trail = await fresh_trail()
    await write_a_record_that_cannot_be_sealed(trail)
    async with trail.toy.database.connection() as connection:
        waiting, head = await read_waiting(connection), await read_head(connection)
    assert (waiting.records, head.position) == (1, RECORDS * ANCHORS + 1)
    assert waiting.longest >= timedelta(hours=1)


@pytest.mark.parametrize("at", [BEFORE_CHRIST, "'infinity'", "'-infinity'", "'10000-01-01 00:00+00'"])
async def test_a_moment_that_no_calendar_has_is_refused(toy, at):
    async with toy.database.connection() as runtime:
        with pytest.raises(asyncpg.CheckViolationError):
            await runtime.execute(insert_at(at))


@pytest.mark.parametrize("at", ["'0001-01-01 00:00+00'", "'9999-12-31 23:59:59.999999+00'"])
async def test_the_first_and_the_last_moment_of_the_calendar_are_sealed(toy, at):
    async with toy.database.connection() as runtime:
        await runtime.execute(insert_at(at))
    async with toy.sealing.transaction() as tx:
        await seal(tx)
        assert (await read_waiting(tx.connection)).records == 0


async def test_json_too_long_to_be_hashed_is_refused_and_too_deep_to_be_read_is_sealed_unsigned(toy):
    async with toy.database.connection() as runtime:
        with pytest.raises(asyncpg.CheckViolationError):
            await runtime.execute(insert_at("now()", f"[{','.join(['1e131071'] * 200)}]"))
        await runtime.execute(insert_at("now()", "[" * 3_000 + "]" * 3_000))
    async with toy.sealing.transaction() as tx:
        await seal(tx)
        assert (await read_waiting(tx.connection)).records == 0
    async with toy.database.connection() as connection:
        assert [finding.kind async for finding in verify(connection)] == ["unsigned"]


def insert_at(at, after="{}"):
    return (
        "INSERT INTO audit_record (id, at, actor, action, entity, entity_id, after, signature) "  # noqa: S608
        f"VALUES (gen_random_uuid(), {at}, 'eve', 'erase', 'y', 'z', '{after}', sha256('x'))"
    )


async def test_what_forges_outside_of_the_trail_is_no_longer_anchored(fresh_trail):
    trail = await fresh_trail()
    await forget_the_last_anchor_in_the_database(trail)
    with pytest.raises(DivergedError):
        await trail.anchor()


async def test_a_trail_that_was_restored_goes_on_when_somebody_says_why(fresh_trail):
    trail = await fresh_trail()
    await trail.as_superuser("DELETE FROM audit_anchor WHERE number > 2")
    await delete_the_tail_and_move_the_head_back(trail)
    assert await trail.findings() != []
    async with trail.toy.sealing.transaction() as tx:
        await trail.anchoring().begin_again(tx, "disk lost, backup of noon")
    for _ in range(2):
        await trail.go_on()
    assert await trail.findings() == []
    await trail.as_superuser("UPDATE audit_record SET actor = 'eve' WHERE position = 3")
    await trail.seal_anew(3)
    assert await trail.findings() != []


async def test_a_place_that_was_away_is_told_everything_later(fresh_trail):
    trail = await fresh_trail()
    whole = trail.lines()
    trail.write(*whole[:1])
    await trail.anchor()
    assert trail.lines()[:3] == whole
    assert await trail.findings() == []


@pytest.mark.parametrize("length", [1, 7, 150, -2])
async def test_an_anchor_follows_a_line_that_a_full_disk_cut_off_and_the_cut_one_is_told_again(
    fresh_trail, length
):
    trail = await fresh_trail()
    whole = trail.lines()
    cut = whole[-1][:length]
    trail.write(*whole[:-1], cut)
    await trail.go_on()
    assert trail.lines()[: ANCHORS + 1] == [*whole[:-1], f"{cut}\n", whole[-1]]
    assert await trail.place.last() == trail.lines()[-1].rstrip()
    assert [finding.kind for finding in await trail.findings()] == ["unfinished"]
    trail.write(*trail.lines()[:-1])
    assert "anchor" in {finding.kind for finding in await trail.findings()}


async def test_an_anchor_that_only_lacks_its_end_of_line_is_whole(fresh_trail):
    trail = await fresh_trail()
    whole = trail.lines()
    trail.write("".join(whole)[:-1])
    await trail.go_on()
    assert trail.lines()[:-1] == whole
    assert await trail.findings() == []


async def test_a_place_that_was_cut_off_again_and_again_ends_with_its_last_whole_anchor(fresh_trail):
    trail = await fresh_trail()
    whole = trail.lines()
    trail.write(*whole, *[f"{whole[-1][:200]}\n"] * 100, whole[-1][:300], "\0" * 99)
    assert await trail.place.last() == whole[-1].rstrip()
    await trail.go_on()
    findings = await trail.findings()
    assert len(findings) == 101
    assert all(finding.is_harmless for finding in findings)


async def test_a_restored_trail_goes_on_behind_an_unfinished_line(fresh_trail):
    trail = await fresh_trail()
    with trail.place.file.open("a") as file:
        file.write(trail.lines()[-1][:99])
    await trail.as_superuser("DELETE FROM audit_anchor WHERE number > 2")
    await delete_the_tail_and_move_the_head_back(trail)
    async with trail.toy.sealing.transaction() as tx:
        await trail.anchoring().begin_again(tx, "disk lost, backup of noon")
    await trail.go_on()
    assert [finding.kind for finding in await trail.findings()] == ["unfinished"]


async def test_anchors_signed_with_an_earlier_key_stay_believed(fresh_trail):
    trail = await fresh_trail()
    trail.key = SigningKey.make(trail.folder / "next.pem")
    await trail.go_on()
    assert {finding.kind for finding in await trail.findings()} == {"anchor"}
    with (trail.folder / "public.pem").open("a") as file:
        file.write(trail.key.public_pem)
    assert await trail.findings() == []


def test_the_end_is_anchored_each_minute_when_it_moved_and_each_day_in_any_case():
    assert is_due(None, 0, 1, NOON)
    assert not is_due(NOON, 5, 6, NOON + timedelta(seconds=59))
    assert is_due(NOON, 5, 6, NOON + timedelta(seconds=60))
    assert not is_due(NOON, 5, 5, NOON + timedelta(hours=11, minutes=59))
    assert is_due(NOON, 5, 5, NOON + timedelta(hours=12))
