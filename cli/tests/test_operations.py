from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from history.tests.test_reading import mapping, written
from typer.testing import CliRunner, Result

from procurement.orders.consumers import SUPPLIERS
from purveyor.audit.chain import Head, read_head
from purveyor.db import new_id
from purveyor_cli.commands import streams
from purveyor_cli.main import app
from purveyor_cli.reach import owning
from purveyor_cli.services import SERVICES
from purveyor_contract.events.sourcing.suppliers import SupplierApproved, SupplierEvent, SupplierRegistered
from purveyor_contract.roles import Role
from purveyor_history import bringing, parts
from purveyor_history.bringing import Journal
from purveyor_history.client import Importer, UncountedError, bring
from purveyor_history.fates import NOT_LET_IN
from purveyor_history.mapping import Mapping, load_mapping
from purveyor_history.parts import in_parts
from purveyor_history.platform import Platform
from purveyor_history.proposals import let_in
from purveyor_history.reading import read_history
from purveyor_history.report import Report, report_on
from purveyor_messaging.envelope import Envelope
from purveyor_messaging.inbox import Inbox
from purveyor_messaging.outbox import record_numbered

from .conftest import Running

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = datetime.now(UTC).date()


async def purveyor(running: Running, *arguments: str | Path) -> Result:
    """Run a command against the running stack's folder, beside it."""
    command = [*map(str, arguments), "--data-dir", str(running.folder)]
    return await asyncio.to_thread(CliRunner().invoke, app, command)


def envelope(event: SupplierEvent, sequence: int) -> Envelope:
    return Envelope(
        id=new_id(),
        type=event.type_name(),
        source="sourcing",
        topic=event.topic,
        key=event.key,
        sequence=sequence,
        time=datetime.now(UTC),
        data=event.model_dump_json().encode(),
        traceparent=None,
    )


@pytest.fixture(autouse=True)
async def forged_streams_are_forgotten(running: Running) -> AsyncIterator[None]:
    """Take away what procurement was told by nobody: a relay that begins to lead would find it unknown."""
    yield
    async with running.stack.contexts["procurement"].database.connection() as connection:
        await connection.execute("DELETE FROM inbox WHERE key = ANY($1)", FORGED)


FORGED: list[str] = []


async def park(running: Running, event: SupplierEvent, sequence: int) -> str:
    """Let procurement receive an event too early; returns the number under which it is parked."""
    database = running.stack.contexts["procurement"].database
    FORGED.append(event.key)
    await Inbox(database, SUPPLIERS).apply([envelope(event, sequence)])
    async with database.connection() as connection:
        return str(await connection.fetchval("SELECT max(id) FROM parked_event"))


def registered(supplier_id: UUID) -> SupplierRegistered:
    return SupplierRegistered(
        supplier_id=supplier_id, number="S-900000", legal_name="Parked AS", country="NO", registered_by="ann"
    )


async def test_a_parked_event_is_listed_refused_without_the_gap_accepted_and_then_applied(
    running: Running,
) -> None:
    supplier_id = new_id()
    number = await park(running, registered(supplier_id), 2)
    listed = await purveyor(running, "events", "parked")
    assert listed.exit_code == 1
    assert "sourcing.SupplierRegistered.v1" in listed.output
    assert str(supplier_id) in listed.output
    retry = ("events", "retry", number, "--service", "procurement")
    refused = await purveyor(running, *retry)
    assert refused.exit_code == 1
    assert "1 event(s) before it are missing" in refused.stderr
    applied = await purveyor(running, *retry, "--accept-gap")
    assert applied.exit_code == 0
    assert "Applied, and 0 behind it.\n" in applied.output
    known = await running.platform.done(
        running.token(Role.BUYER), "procurement", "GET", f"/v1/suppliers/{supplier_id}"
    )
    assert known.body["legal_name"] == "Parked AS"


async def test_a_parked_event_is_dropped_with_a_reason_that_the_audit_record_keeps(running: Running) -> None:
    event = SupplierApproved(supplier_id=new_id(), approvals=(), approved_by="carla")
    number = await park(running, event, 5)
    drop = ("events", "drop", number, "--service", "procurement", "--accept-gap", "--reason", "made by hand")
    dropped = await purveyor(running, *drop)
    assert dropped.exit_code == 0
    assert "Dropped; 0 behind it were applied.\n" in dropped.output
    assert "No event is parked.\n" in (await purveyor(running, "events", "parked")).output
    again = await purveyor(running, *drop)
    assert again.exit_code == 1
    assert f"No parked event {number} exists" in again.stderr
    records = await running.platform.done(
        running.token(Role.AUDITOR), "procurement", "GET", "/v1/audit", params={"entity": "parked_event"}
    )
    assert records.body["items"][0]["reason"] == "made by hand"
    assert records.body["items"][0]["actor"].startswith("operator:")


async def register(running: Running, name: str, **more: Any) -> dict[str, Any]:
    content = {"legal_name": name, "country": "NO", "categories": ["fasteners"]} | more
    token = running.token(Role.BUYER, subject="ann")
    body: dict[str, Any] = (
        await running.platform.done(token, "sourcing", "POST", "/v1/suppliers", body=content)
    ).body
    return body


async def test_events_are_shown_verified_and_replayed(running: Running) -> None:
    supplier = await register(running, "Tailed AS")
    token = running.token(Role.BUYER)
    async with asyncio.timeout(20):
        while True:
            path = f"/v1/suppliers/{supplier['id']}"
            if (await running.platform.ask(token, "procurement", "GET", path)).status == 200:
                break
            await asyncio.sleep(0.05)
    shown = f"SupplierRegistered sourcing.suppliers {supplier['id']} sequence 1"
    async with asyncio.timeout(20):
        # What a subscriber has applied is written down as published a moment later.
        while (
            shown
            not in (
                tail := await purveyor(running, "events", "tail", "--service", "sourcing", "--content")
            ).output
        ):
            assert tail.exit_code == 0
    assert '"legal_name":"Tailed AS"' in tail.output
    verified = await purveyor(running, "events", "verify")
    assert verified.exit_code == 0
    assert verified.output.count("each once, without a hole") == 3
    replayed = await purveyor(running, "events", "replay", "--service", "sourcing")
    assert replayed.exit_code == 0
    assert " events of sourcing again.\n" in replayed.output
    async with running.stack.contexts["sourcing"].database.connection() as connection:
        noted = await connection.fetchrow(
            "SELECT actor, entity_id, after FROM audit_record WHERE action = 'replay'"
        )
    assert noted is not None
    assert noted["actor"].startswith("operator:")
    assert noted["after"] == {"after": 0, "until": None}
    assert (await purveyor(running, "events", "parked")).exit_code == 0


async def test_an_event_that_was_missed_is_found_and_published(running: Running) -> None:
    await register(running, "Listed AS")
    database = running.stack.contexts["sourcing"].database
    async with database.connection() as connection, asyncio.timeout(20):
        while await connection.fetchval(  # noqa: ASYNC110  # only asking tells
            "SELECT (SELECT max(id) FROM outbox) IS DISTINCT FROM (SELECT max(watermark) FROM publication)"
        ):
            await asyncio.sleep(0.05)
    async with database.transaction() as tx:
        for _ in range(2):
            record_numbered(tx, registered(new_id()), 1)
        await tx.flush()
        missed, listed = await tx.connection.fetchrow("SELECT max(id) - 1, max(id) FROM outbox") or (0, 0)
        await tx.connection.execute(
            "INSERT INTO publication (first_position, ids, watermark, gap_first, gap_last, gap_since) "
            "SELECT first_position + cardinality(ids), ARRAY[$1::bigint], $1, '{}', '{}', '{}' "
            "FROM publication ORDER BY first_position DESC LIMIT 1",
            listed,
        )
    found = await purveyor(running, "events", "verify")
    assert found.exit_code == 1
    assert f"sourcing: outbox ids that no batch lists: {missed}\n" in found.stderr
    repaired = await purveyor(running, "events", "verify", "--repair")
    assert repaired.exit_code == 0, repaired.stderr
    assert "sourcing: published 1 events that had been missed\n" in repaired.output
    assert (await purveyor(running, "events", "verify")).exit_code == 0


async def test_a_log_is_not_archived_while_it_is_written(running: Running) -> None:
    refused = await purveyor(running, "events", "archive", "--service", "sourcing")
    assert refused.exit_code == 1
    assert "Partition 1 is not full." in refused.stderr
    absent = await purveyor(running, "events", "archive", "--service", "sourcing", "--read-back", "1")
    assert absent.exit_code == 1
    assert "No archived partition 1 exists." in absent.stderr


async def test_settings_show_what_is_in_force_on_a_day_and_hide_the_secrets(running: Running) -> None:
    platform, token = running.platform, running.token(Role.CATEGORY_MANAGER, subject="cora")
    policy = ("supplier-performance", "GET", "/v1/policies/on-time")
    seen = (await platform.done(token, *policy)).etag
    content = {
        "valid_from": "2099-01-01",
        "category": "fasteners",
        "value": {"grace_days": 2},
        "reason": "agreed",
    }
    decide = ("supplier-performance", "POST", "/v1/policies/on-time/versions")
    await platform.done(token, *decide, body=content, if_match=seen)
    other = running.token(Role.CATEGORY_MANAGER, subject="carl")
    await platform.done(other, *decide[:2], f"{decide[2]}/1:approve")
    show = ("settings", "show", "supplier-performance")

    today, later = await purveyor(running, *show), await purveyor(running, *show, "--at", "2099-01-01")

    assert (today.exit_code, later.exit_code) == (0, 0)
    assert 'on-time everywhere: version 0, the default\n  {"grace_days":0}\n' in today.output
    decided = (
        "on-time category fasteners: version 1 from 2099-01-01 by cora, approved by carl\n"
        '  {"grace_days":2}\n'
    )
    assert decided in later.output
    assert decided not in today.output
    assert "PURVEYOR_IMPORT_SETTLE_SECONDS=15\n" in today.output
    assert "PURVEYOR_DATABASE_URL=**********\n" in today.output


async def test_migrating_what_is_migrated_says_so(running: Running) -> None:
    migrated = await purveyor(running, "migrate")
    assert migrated.exit_code == 0
    assert migrated.output.count(": at the newest schema") == 3


async def test_a_job_runs_once_for_a_day_and_again_only_when_told(running: Running) -> None:
    job = ("jobs", "run", "judge-overdue-lines", "--date", "2026-01-02")
    first = await purveyor(running, *job)
    assert "supplier-performance: judge-overdue-lines is done for 2026-01-02.\n" in first.output
    second = await purveyor(running, *job)
    assert second.exit_code == 1
    assert "judge-overdue-lines has been done for 2026-01-02" in second.stderr
    assert (await purveyor(running, *job, "--again")).exit_code == 0
    assert "2999-01-01 has not come" in (await purveyor(running, *job[:-1], "2999-01-01")).stderr
    forgotten = await purveyor(
        running, "jobs", "forget", job[2], "--after", "2026-01-01", "--reason", "The clock was wrong"
    )
    assert forgotten.exit_code == 0
    assert "of judge-overdue-lines after 2026-01-01 forgotten.\n" in forgotten.output
    assert (await purveyor(running, *job)).exit_code == 0
    unknown = await purveyor(running, "jobs", "run", "no-such-job", "--date", "2026-01-02")
    assert unknown.exit_code == 1
    assert "No service here has a job 'no-such-job'" in unknown.stderr


async def sealed(running: Running, service: str) -> Head:
    """Wait until every audit record of a service is sealed."""
    async with asyncio.timeout(20), running.stack.contexts[service].database.connection() as connection:
        unsealed = "SELECT count(*) FROM audit_record WHERE position IS NULL"
        while await connection.fetchval(unsealed):  # noqa: ASYNC110  # it happens in the database
            await asyncio.sleep(0.05)
        head = await read_head(connection)
    assert head is not None
    return head


async def test_the_audit_trail_is_verified_and_a_record_that_was_changed_is_named(running: Running) -> None:
    supplier = await register(running, "Audited AS")
    head = await sealed(running, "sourcing")
    whole = await purveyor(running, "audit", "verify")
    assert whole.exit_code == 0
    assert f"sourcing: {head.position} records are as they were sealed; the end is {head}" in whole.output
    noted = await purveyor(running, "audit", "verify", "--service", "sourcing", "--expect-head", str(head))
    assert noted.exit_code == 0
    other = f"{head.position}:{'00' * 32}"
    assert (
        await purveyor(running, "audit", "verify", "--service", "sourcing", "--expect-head", other)
    ).exit_code == 1
    forge = "UPDATE audit_record SET actor = $2 WHERE entity_id = $1"
    await as_superuser(running, forge, supplier["id"], "mallory")
    found = await purveyor(running, "audit", "verify")
    assert found.exit_code == 1
    assert f"position {head.position} changed" in found.stderr
    assert "procurement" in found.output
    await as_superuser(running, forge, supplier["id"], "ann")
    assert (await purveyor(running, "audit", "verify", "--service", "sourcing")).exit_code == 0


async def as_superuser(running: Running, statement: str, *arguments: object) -> None:
    """Change what triggers protect, as only the database's superuser can."""
    async with owning(running.stack.contexts["sourcing"]) as owner, owner.connection() as connection:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(statement, *arguments)


async def imported(running: Running, file: Path, by: Mapping) -> Report:
    history = read_history(file, by, today=TODAY)
    tokens = (running.token(Role.ADMIN), running.stack.issuer.token("controller", Role.ADMIN))
    sent = await bring(
        running.platform,
        tokens,
        history,
        file.name,
        approve=by.supplier.approved,
        progress=lambda *_: None,
    )
    return report_on(history, sent, by)


def order(reference: str, **changes: str) -> dict[str, str]:
    return {"PO": reference, "Vendor": f"V-{reference}", "Note": f"LS-{reference}"} | changes


async def test_a_line_that_a_service_refuses_is_left_out_and_the_rest_of_its_order_imported(
    running: Running, tmp_path: Path
) -> None:
    too_long = "x" * 65
    rows = [order("A"), order("A", Line="20", Item=too_long), order("A", Line="30"), order("B")]
    file = written(tmp_path, *rows)
    report = await imported(running, file, mapping())
    assert (report.rows, report.imported, report.refused) == (4, 3, 1)
    (refusal,) = report.refusals
    assert (refusal.line, refusal.column) == (3, "Item")
    assert "at most 64 characters" in refusal.reason
    assert report.orders == {"created": 2}
    again = await imported(running, file, mapping())
    assert (again.unchanged, again.refused, again.orders) == (3, 1, {"unchanged": 2})


async def test_a_row_that_a_service_refuses_for_its_far_day_does_not_keep_the_others_from_being_counted(
    running: Running, tmp_path: Path
) -> None:
    far = order("FAR", Promised="31.12.9999")
    report = await imported(
        running, written(tmp_path, order("NEAR"), far, order("FAR", Line="20")), mapping()
    )
    assert (report.rows, report.imported, report.refused) == (3, 2, 1)
    (refusal,) = report.refusals
    assert (refusal.line, refusal.column) == (3, "Promised")
    assert "9999 often stands for a day that nobody knows" in refusal.reason


async def test_what_became_of_every_row_is_reported_though_performance_does_not_answer(
    running: Running, tmp_path: Path
) -> None:
    file, report = written(tmp_path, order("MUTE"), order("MUTE-2", Qty="?")), tmp_path / "report.csv"
    await imported(running, file, mapping())
    history = read_history(file, mapping(), today=TODAY)
    urls = running.stack.urls | {"supplier-performance": running.stack.urls["sourcing"]}
    platform = Platform(urls)
    importer = Importer(platform, running.token(Role.ADMIN), lambda *_: None)
    try:
        with pytest.raises(UncountedError, match="supplier-performance /v1/scorecards: 404") as raised:
            await importer.send(history, approve=mapping().supplier.approved)
    finally:
        await platform.close()
    report_on(history, raised.value.sent, mapping()).write(report)
    assert "refused,3,Qty" in report.read_text()


async def test_a_corrected_file_does_not_change_what_was_imported(running: Running, tmp_path: Path) -> None:
    bad = written(tmp_path, order("C"), order("C", Line="20", Qty="?"))
    assert (await imported(running, bad, mapping())).imported == 1
    corrected = written(tmp_path, order("C"), order("C", Line="20"))
    report = await imported(running, corrected, mapping())
    assert (report.imported, report.unchanged, report.refused) == (0, 1, 1)
    assert "was imported before without this line" in report.refusals[0].reason
    changed = written(tmp_path, order("C", Item="M10"))
    report = await imported(running, changed, mapping())
    assert (report.imported, report.refused) == (0, 1)
    assert "imported before with other content" in report.refusals[0].reason


async def test_a_later_part_of_a_file_brings_what_is_new_and_finds_the_rest_unchanged(
    running: Running, tmp_path: Path
) -> None:
    first = [order("L", Arrived="400"), order("L", Line="20", Note="LS-L-2")]
    assert (await imported(running, written(tmp_path, *first), mapping())).imported == 2
    later = [
        order("L", Line="20", Note="LS-L-2"),
        order("L", Arrived="800", Note="LS-L-3"),
        order("L-NEW", Vendor="V-L"),
    ]
    file = written(tmp_path, *later)
    history = read_history(file, mapping(), today=TODAY)
    importer = Importer(running.platform, running.token(Role.ADMIN), lambda *_: None)
    sent, _ = await importer.propose(history, "later", approve=mapping().supplier.approved)
    proposed = report_on(history, sent, mapping())
    assert (proposed.imported, proposed.unchanged, proposed.refused) == (2, 1, 0)
    report = await imported(running, file, mapping())
    assert (report.imported, report.unchanged, report.refused, report.refusals) == (2, 1, 0, [])
    assert report.orders == {"unchanged": 1, "created": 1}
    assert report.receipts == {"unchanged": 1, "created": 2}
    assert not [remark for remark in report.warnings if "imported before" in remark.reason]
    again = await imported(running, written(tmp_path, *first, *later[1:]), mapping())
    assert (again.imported, again.unchanged, again.refused) == (0, 4, 0)
    token = running.token(Role.BUYER)
    found = await running.platform.done(
        token, "procurement", "GET", "/v1/purchase-orders", params={"external_reference": "L"}
    )
    path = f"/v1/purchase-orders/{found.body['items'][0]['id']}"
    lines = (await running.platform.done(token, "procurement", "GET", path)).body["lines"]
    assert {line["external_reference"]: Decimal(line["received_quantity"]) for line in lines} == {
        "10": 1200,
        "20": 1200,
    }


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"Qty": "1.300"}, "Qty", "imported before with other content, 1200"),
        ({"Vendor": "V-OTHER"}, "Vendor", "imported before of another supplier"),
        ({"Ordered": "02.02.2026"}, "Ordered", "imported before with other content, 2026-02-01"),
    ],
)
async def test_what_a_later_file_says_otherwise_is_refused_and_named(
    running: Running, tmp_path: Path, change: dict[str, str], column: str, reason: str
) -> None:
    reference = f"O-{column}"
    before = order(reference, Vendor="V-O")
    both = [before, order("OTHER", Vendor="V-OTHER"), order(reference, Vendor="V-O", Line="20")]
    await imported(running, written(tmp_path, *both), mapping())
    report = await imported(running, written(tmp_path, before | change), mapping())
    assert (report.imported, report.unchanged, report.refused) == (0, 0, 1)
    assert [(remark.line, remark.column) for remark in report.refusals] == [(2, column)]
    assert reason in report.refusals[0].reason


async def test_a_supplier_that_sourcing_refuses_takes_its_orders_with_it(
    running: Running, tmp_path: Path
) -> None:
    by = Mapping.model_validate(
        mapping().model_dump(exclude_unset=True)
        | {"supplier": {"reference": "Vendor", "legal_name": "Vendor", "identifiers": {"GLN": "Reason"}}}
    )
    report = await imported(running, written(tmp_path, order("D", Reason="4006381000011"), order("E")), by)
    assert (report.imported, report.refused) == (1, 1)
    assert (report.refusals[0].line, report.refusals[0].column) == (2, "Reason")
    assert "check digit" in report.refusals[0].reason


async def test_a_history_makes_no_site_before_somebody_has_let_it_in(
    running: Running, tmp_path: Path
) -> None:
    by = mapping()
    by = by.model_copy(update={"sites": {"HAL": by.sites["HAL"].model_copy(update={"code": "H9"})}})
    history = read_history(written(tmp_path, order("SITE"), order("SITE-2")), by, today=TODAY)
    admin, controller = running.token(Role.ADMIN), running.stack.issuer.token("controller", Role.ADMIN)
    importer = Importer(running.platform, admin, lambda *_: None)

    async def is_there() -> bool:
        path = "/v1/sites/H9"
        return (await running.platform.ask(admin, "procurement", "GET", path)).status == 200

    alone = report_on(history, await importer.send(history, approve=False), by)
    assert (alone.imported, await is_there()) == (0, False)
    sent, (suppliers, orders) = await importer.propose(history, "sites", approve=False)
    assert (report_on(history, sent, by).imported, await is_there()) == (2, False)
    await let_in(running.platform, controller, [suppliers])
    assert {fate.code for fate in (await importer.send(history, approve=False)).orders.values()} == {
        NOT_LET_IN
    }
    assert not await is_there()
    await let_in(running.platform, controller, [orders])
    assert report_on(history, await importer.send(history, approve=False), by).imported == 2
    assert await is_there()


async def test_what_the_platform_knows_otherwise_stays_and_is_a_warning(
    running: Running, tmp_path: Path
) -> None:
    await imported(running, written(tmp_path, order("F")), mapping())
    by = mapping()
    site = by.sites["HAL"].model_copy(update={"name": "Halden, hall 2"})
    by = by.model_copy(update={"sites": {"HAL": site}})
    later = written(tmp_path, order("F"), order("G", Vendor="V-F", Group="castings"))
    report = await imported(running, later, by)
    assert (report.imported, report.unchanged, report.refused) == (1, 1, 0)
    reasons = " ".join(warning.reason for warning in report.warnings)
    assert "H1: it exists and is described otherwise" in reasons
    assert "imported before with other content" in reasons


async def test_the_sample_history_is_imported_by_command(running: Running) -> None:
    sample = EXAMPLES / "history" / "halden-pumps.csv"
    by = EXAMPLES / "mappings" / "halden-pumps.toml"
    alone = await purveyor(running, "import", "history", sample, "--mapping", by)
    assert "2020 rows: 0 imported, 0 unchanged, 2020 refused" in alone.output
    assert "Nobody has let it in" in alone.output
    proposed = await purveyor(running, "import", "propose", sample, "--mapping", by)
    assert proposed.exit_code == 3, proposed.stderr
    assert "2020 rows: 2015 proposed, 0 unchanged, 5 refused" in proposed.output
    ids = proposed.output.rpartition("purveyor import approve ")[2].split()
    by_proposer = await purveyor(running, "import", "approve", *ids, "--yes", "--as", "importer")
    assert by_proposer.exit_code == 1
    assert "segregation_of_duties" in by_proposer.stderr
    approved = await purveyor(running, "import", "approve", *ids, "--yes")
    assert approved.exit_code == 0, approved.stderr
    first = await purveyor(running, "import", "history", sample, "--mapping", by)
    assert first.exit_code == 3, first.stderr
    assert "2020 rows: 2015 imported, 0 unchanged, 5 refused" in first.output
    assert "received value: 4,501,407.57 EUR" in first.output
    second = await purveyor(running, "import", "history", sample, "--mapping", by)
    assert "2020 rows: 0 imported, 2015 unchanged, 5 refused" in second.output
    as_of = {"as_of": "2026-06-30", "limit": 200}
    table = await running.platform.done(
        running.token(Role.BUYER), "supplier-performance", "GET", "/v1/scorecards", params=as_of
    )
    names = {entry["supplier"]["name"] for entry in table.body["items"]}
    history = read_history(sample, load_mapping(by), today=TODAY)
    assert {supplier.legal_name for supplier in history.suppliers.values()} <= names


async def test_an_import_that_was_killed_goes_on_after_the_last_part_and_doubles_nothing(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "BYTES_A_PART", 700)
    file = written(tmp_path, *(order(f"K-{number}", Vendor="V-K") for number in range(24)))
    by = mapping()
    today = datetime.now(UTC).date()
    with in_parts(file, by, today=today) as read:
        journal = Journal(tmp_path / "journal", file, by, running.stack.urls, len(read))
        importer = Importer(running.platform, running.token(Role.ADMIN), lambda *_: None)
        _, proposed = await bringing.propose(importer, read, by, "killed", lambda *_: None)
        assert len(read) > 2
        assert proposed[1].figures["kinds"] == {"order": 24, "receipt": 24}
        await let_in(running.platform, running.stack.issuer.token("controller", Role.ADMIN), proposed)

        def killed(what: str, done: int, total: int) -> None:
            if (what, done) == (bringing.PARTS, 2):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await bringing.send(importer, read, by, journal, killed)
        assert set(journal.reports()) == {0, 1}
        sent: list[int] = []
        again = Importer(
            running.platform, running.token(Role.ADMIN), lambda _, done, total: sent.append(total)
        )
        report, uncounted = await bringing.send(again, read, by, journal, lambda *_: None)
    assert uncounted is None
    assert (report.rows, report.imported, report.unchanged, report.refused) == (24, 24, 0, 0)
    assert (report.orders, report.receipts) == ({"created": 24}, {"created": 24})
    assert report.suppliers == {"created": 1}
    assert not (tmp_path / "journal").exists()
    once_more = await imported(running, file, by)
    assert (once_more.imported, once_more.unchanged) == (0, 24)


async def test_streams_are_compared_and_what_a_subscriber_lacks_is_published_again(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "SETTLED_AFTER", timedelta())
    supplier = await register(running, "Compared AS")
    database = running.stack.contexts["procurement"].database
    async with database.connection() as connection, asyncio.timeout(20):
        while not await connection.fetchval(  # noqa: ASYNC110  # only asking tells
            "SELECT count(*) FROM inbox WHERE consumer = 'procurement.suppliers' AND key = $1", supplier["id"]
        ):
            await asyncio.sleep(0.05)
    async with asyncio.timeout(60):
        # What other tests have imported may still be on its way.
        while (await purveyor(running, "events", "reconcile")).exit_code:  # noqa: ASYNC110  # only asking tells
            await asyncio.sleep(0.2)
    async with database.connection() as connection:
        keys = await connection.fetch(
            "UPDATE inbox SET sequence = sequence - 1, recent = recent[2:] "
            "WHERE consumer = 'procurement.suppliers' RETURNING key"
        )
    told = await purveyor(running, "events", "reconcile")
    assert keys
    assert (told.exit_code, told.stderr.count("behind")) == (1, min(len(keys), streams.SHOWN) + 1)
    mended = await purveyor(running, "events", "reconcile", "--mend")
    assert mended.exit_code == 0, mended.output
    again = await purveyor(running, "events", "reconcile")
    consumers = sum(len(service.code().consumers) for service in SERVICES)
    assert (again.exit_code, again.output.count("all where they should be")) == (0, consumers)


async def test_the_local_stacks_trail_is_anchored_and_begins_again_after_a_restore(running: Running) -> None:
    await register(running, "Anchored AS")
    await sealed(running, "sourcing")
    file = running.folder / "audit" / "anchors" / "sourcing.jsonl"
    await holds(file, '"number":1,')
    whole = await purveyor(running, "audit", "verify", "--service", "sourcing")
    assert (whole.exit_code, "the trail is as it was anchored" in whole.output) == (0, True)
    again = await purveyor(
        running, "audit", "begin-again", "--service", "sourcing", "--reason", "restored from a backup"
    )
    assert again.exit_code == 0, again.output
    await holds(file, '"restored":"restored from a backup"')
    file.write_text(f"{await asyncio.to_thread(contents, file)}{HALF_AN_ANCHOR}")
    verified = await purveyor(running, "audit", "verify", "--service", "sourcing")
    assert verified.exit_code == 0, verified.output
    assert "unfinished" in verified.output


HALF_AN_ANCHOR = '{"at":"2026-11-20T12:0'


async def holds(file: Path, text: str) -> None:
    """Wait until a file has a text in it."""
    async with asyncio.timeout(30):
        while text not in await asyncio.to_thread(contents, file):  # noqa: ASYNC110  # a file tells nobody
            await asyncio.sleep(0.1)


def contents(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def test_a_key_for_anchors_is_made_once_and_its_public_half_shown(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    made = CliRunner().invoke(app, ["audit", "key", str(file)])
    assert made.output.startswith("-----BEGIN PUBLIC KEY-----")
    assert file.stat().st_mode & 0o077 == 0
    assert CliRunner().invoke(app, ["audit", "key", str(file)]).exit_code == 1


async def test_a_contact_is_erased_from_the_trail_of_its_supplier_which_stays_whole(running: Running) -> None:
    contact = {"name": "Erika Muster", "email": "erika@example.com"}
    supplier = await register(running, "Erased AS", contacts=[contact])
    await sealed(running, "sourcing")
    thing = ("--service", "sourcing", "--entity", "supplier", "--id", supplier["id"])
    erase = ("audit", "erase", *thing, "--reason", "she asked for it", "--matching")
    assert (await purveyor(running, *erase, "nobody@example.com")).exit_code == 1
    erased = await purveyor(running, *erase, contact["email"])
    assert (erased.exit_code, "1 personal values" in erased.output) == (0, True)
    await sealed(running, "sourcing")
    assert (await purveyor(running, "audit", "verify", "--service", "sourcing")).exit_code == 0
    async with running.stack.contexts["sourcing"].database.connection() as connection:
        trail = await connection.fetchval(
            "SELECT string_agg(r::text || coalesce(p::text, ''), ' ') FROM audit_record AS r "
            "LEFT JOIN audit_personal AS p ON p.record = r.id WHERE entity_id = $1",
            supplier["id"],
        )
    assert "Erased AS" in trail
    assert not any(text in trail for text in contact.values())
