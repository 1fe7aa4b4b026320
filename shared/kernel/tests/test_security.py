"""Security records: who was refused, and who has read personal data, is known to who is responsible."""

import asyncio
from datetime import datetime, timedelta
from typing import Annotated
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter
from pydantic import BaseModel
from shared.kernel.tests.owner import owner_of
from toy_service.api import router as crates

from purveyor import security
from purveyor.auth import Principal, requires
from purveyor.errors import ForbiddenError, NotFoundError
from purveyor.http import bulk
from purveyor.http.app import build_app
from purveyor.http.bulk import Bulk
from purveyor.http.personal import personal, shown_by
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.security import SecurityRecords, forget_old_records
from purveyor_contract.roles import Role

Reader = Annotated[Principal, requires("toy:crates:read", suppliers_too=True)]
SCOPES = ["toy:crates:read", "toy:crates:write", "audit:read"]


class Picker(BaseModel):
    model_config = personal("pickers")

    name: str


class Orchard(BaseModel):
    pickers: list[Picker]


class Row(BaseModel):
    label: str


router = APIRouter(prefix="/v1/orchards", route_class=TransactionRoute)


@router.get("/{orchard_id}")
async def get_orchard(tx: Tx, by: Reader, orchard_id: str) -> Orchard:
    if by.supplier_id is not None:
        raise NotFoundError("orchard", orchard_id)
    return Orchard(pickers=[Picker(name="Eve")])


@router.post("/{orchard_id}:fell")
async def fell_orchard(tx: Tx, by: Reader, orchard_id: str) -> None:
    tx.audit("fell", "orchard", orchard_id)
    raise ForbiddenError("segregation_of_duties", "Who planted it does not fell it.")


async def refuse(tx, row):
    raise ForbiddenError("segregation_of_duties", "Not yours.")


@router.post(":import", **bulk.route(Row))
async def import_orchards(bulk: Bulk, by: Reader) -> bulk.BulkResponse:
    return await bulk.answer(Row, refuse)


@pytest.fixture
def app(toy):
    return build_app(toy, [crates, router], title="Toy", description="")


@pytest.fixture
def client_of(app, issuer):
    """Return a client whose token has these roles."""

    def client_of(subject, *roles, **more):
        bearer = f"Bearer {issuer.token(subject, *roles, scopes=SCOPES, **more)}"
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=("192.0.2.7", 4711)),
            base_url="http://test",
            headers={"Authorization": bearer},
        )

    return client_of


async def kept(app):
    records: SecurityRecords = app.state.security
    await records.written()
    async with app.state.database.connection() as connection:
        return [dict(row) for row in await connection.fetch("SELECT * FROM security_record ORDER BY id")]


async def test_who_lacks_a_role_or_a_scope_is_kept_with_what_was_tried_and_from_where(app, client_of):
    async with client_of("quinn", Role.QUALITY) as client:
        answer = await client.post("/v1/crates", json={"label": "a", "apples": 1})
    assert answer.status_code == 403
    [record] = await kept(app)
    assert {name: record[name] for name in ("kind", "code", "subject", "method", "route", "address")} == {
        "kind": "refused",
        "code": "role_required",
        "subject": "quinn",
        "method": "POST",
        "route": "/v1/crates",
        "address": "192.0.2.7",
    }
    assert record["client"]
    assert record["request_id"] == answer.headers["x-request-id"]


async def test_a_breach_of_duties_is_kept_though_its_transaction_is_rolled_back(app, client_of):
    async with client_of("bo", Role.BUYER) as client:
        assert (await client.post("/v1/orchards/7:fell")).status_code == 403
    [record] = await kept(app)
    assert (record["code"], record["entity"]) == ("segregation_of_duties", "orchard_id=7")
    async with app.state.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM audit_record") == 0


async def test_a_row_that_is_refused_for_duties_is_kept_as_a_request_is(app, client_of):
    async with client_of("bo", Role.BUYER) as client:
        answer = await client.post(
            "/v1/orchards:import",
            content=b'{"label": "a"}\n{"label": "b"}\n',
            headers={"Content-Type": "application/x-ndjson"},
        )
    assert answer.text.count("segregation_of_duties") == 2
    assert [record["code"] for record in await kept(app)] == ["segregation_of_duties"] * 2


async def test_a_token_that_is_not_valid_is_kept_and_a_missing_one_counted(app, toy, client_of):
    async with client_of("bo") as client:
        for bearer in ("forged", client.headers["Authorization"][7:-4] + "AAAA"):
            refused = await client.get("/v1/crates", headers={"Authorization": f"Bearer {bearer}"})
            assert refused.status_code == 401
        del client.headers["Authorization"]
        assert (await client.get("/v1/crates")).status_code == 401
        metrics = (await client.get("/metrics")).text
    assert [(r["code"], r["subject"]) for r in await kept(app)] == [("invalid_token", None)] * 2
    assert 'purveyor_security_refusals_total{code="invalid_token",route="/v1/crates"} 2.0' in metrics
    assert 'purveyor_security_refusals_total{code="token_required",route="/v1/crates"} 1.0' in metrics


async def test_a_supplier_who_asks_for_what_is_not_theirs_is_kept(app, client_of):
    mine = uuid4()
    async with client_of("sue", Role.SUPPLIER, supplier_id=str(mine)) as client:
        assert (await client.get("/v1/orchards/9")).status_code == 404
    async with client_of("bo", Role.BUYER) as client:
        assert (await client.get(f"/v1/crates/{uuid4()}")).status_code == 404
    [record] = await kept(app)
    assert (record["kind"], record["supplier_id"], record["entity"]) == ("hidden", mine, "orchard_id=9")


async def test_an_answer_that_shows_personal_data_is_kept(app, client_of):
    async with client_of("bo", Role.BUYER) as client:
        assert (await client.get("/v1/orchards/7")).status_code == 200
        assert (await client.get("/v1/crates")).status_code == 200
    [record] = await kept(app)
    assert (record["kind"], record["code"], record["subject"]) == ("read", "pickers", "bo")


def test_personal_data_is_found_however_deep_it_lies():
    assert shown_by(Picker) == "pickers"
    assert shown_by(Page[Orchard]) == "pickers"
    assert shown_by(dict[str, str]) is None
    assert shown_by(None) is None


async def test_records_are_in_a_log_stream_of_their_own(logged, app, client_of):
    async with client_of("bo", Role.BUYER) as client:
        await client.post("/v1/orchards/7:fell")
    [line] = [line for line in logged() if line.get("logger") == "purveyor.security"]
    assert line["event"] == "security_refused"
    assert (line["code"], line["subject"], line["address"]) == ("segregation_of_duties", "bo", "192.0.2.7")
    assert line["request_id"]
    await app.state.security.written()


async def test_no_answer_waits_for_a_record_and_none_is_lost_while_the_database_is_away(
    app, client_of, monkeypatch
):
    away = asyncio.Event()
    write = SecurityRecords._write

    async def fails(self, batch):
        if not away.is_set():
            raise ConnectionRefusedError
        await write(self, batch)

    monkeypatch.setattr(SecurityRecords, "_write", fails)
    async with client_of("bo", Role.BUYER) as client:
        for _ in range(3):
            assert (await client.post("/v1/orchards/7:fell")).status_code == 403
    away.set()
    assert len(await kept(app)) == 3


async def test_what_waits_is_bounded_and_what_is_dropped_is_counted(app, client_of, monkeypatch):
    monkeypatch.setattr(security, "MOST_WAITING", 2)
    writing = asyncio.Event()
    write = SecurityRecords._write

    async def slowly(self, batch):
        await writing.wait()
        await write(self, batch)

    monkeypatch.setattr(SecurityRecords, "_write", slowly)
    async with client_of("bo", Role.BUYER) as client:
        for _ in range(5):
            await client.post("/v1/orchards/7:fell")
        assert "purveyor_security_records_dropped_total 3.0" in (await client.get("/metrics")).text
    writing.set()
    assert len(await kept(app)) == 2


@pytest.mark.parametrize("said", ["%00", "%ED%A0%80", "a%00b" * 200, "x" * 5_000])
async def test_whatever_is_asked_for_is_kept_as_a_table_can_hold_it_and_no_more_of_it(app, client_of, said):
    supplier = client_of(Role.SUPPLIER, supplier_id=uuid4())
    for asked in (said, "after"):
        assert (await supplier.get(f"/v1/orchards/{asked}")).status_code == 404
    first, second = await kept(app)
    assert len(first["entity"]) <= security.LONGEST_TEXT
    assert "\0" not in first["entity"]
    assert second["entity"] == "orchard_id=after"


async def test_a_record_that_the_table_refuses_keeps_back_no_other(toy, app, client_of):
    supplier = client_of(Role.SUPPLIER, supplier_id=uuid4())
    async with owner_of(toy) as connection:
        await connection.execute(
            "ALTER TABLE security_record ADD CONSTRAINT refuses CHECK (entity <> 'orchard_id=refused')"
        )
    try:
        for asked in ("before", "refused", "after"):
            await supplier.get(f"/v1/orchards/{asked}")
        assert [row["entity"] for row in await kept(app)] == ["orchard_id=before", "orchard_id=after"]
    finally:
        async with owner_of(toy) as connection:
            await connection.execute("ALTER TABLE security_record DROP CONSTRAINT refuses")
    assert app.state.security.metrics.dropped._value.get() == 1


async def test_an_auditor_reads_them_and_that_is_kept_too(app, client_of):
    async with client_of("bo", Role.BUYER) as client:
        for number in range(3):
            await client.post(f"/v1/orchards/{number}:fell")
        assert (await client.get("/v1/security-records")).status_code == 403
    await app.state.security.written()
    async with client_of("aud", Role.AUDITOR) as auditor:
        duties = {"code": "segregation_of_duties", "subject": "bo"}
        first = (await auditor.get("/v1/security-records", params=duties | {"limit": 2})).json()
        assert [item["entity"] for item in first["items"]] == ["orchard_id=2", "orchard_id=1"]
        rest = await auditor.get(
            "/v1/security-records", params=duties | {"limit": 2, "cursor": first["next_cursor"]}
        )
        assert [item["entity"] for item in rest.json()["items"]] == ["orchard_id=0"]
        await app.state.security.written()
        reads = (await auditor.get("/v1/security-records", params={"kind": "read"})).json()["items"]
    assert {(item["subject"], item["code"]) for item in reads} == {("aud", "security records")}


async def test_an_auditor_reads_those_of_a_time(toy, app, client_of):
    async with client_of("bo", Role.BUYER) as client:
        for number in range(3):
            await client.post(f"/v1/orchards/{number}:fell")
    await app.state.security.written()
    async with toy.database.transaction() as tx:
        await tx.connection.execute(
            "UPDATE security_record "
            "SET at = date_trunc('hour', now()) - interval '1 hour' * right(entity, 1)::int"
        )
        hour = await tx.connection.fetchval("SELECT date_trunc('hour', now())")

    async def read(**when: datetime) -> list[str]:
        async with client_of("aud", Role.AUDITOR) as auditor:
            asked = {name: moment.isoformat() for name, moment in when.items()}
            items = (await auditor.get("/v1/security-records", params=asked | {"kind": "refused"})).json()[
                "items"
            ]
        return [item["entity"].removeprefix("orchard_id=") for item in items]

    assert await read(at_from=hour - timedelta(hours=1)) == ["1", "0"]
    assert await read(at_to=hour - timedelta(hours=1)) == ["2", "1"]
    assert await read(at_from=hour - timedelta(hours=1), at_to=hour - timedelta(hours=1)) == ["1"]


async def test_what_was_kept_for_long_enough_is_forgotten(toy, app, client_of):
    async with client_of("bo", Role.BUYER) as client:
        for _ in range(2):
            await client.post("/v1/orchards/7:fell")
    await app.state.security.written()
    async with toy.database.transaction() as tx:
        await tx.connection.execute(
            "UPDATE security_record SET at = at - interval '401 days' "
            "WHERE id = (SELECT id FROM security_record LIMIT 1)"
        )
        assert not await forget_old_records(tx)
    assert len(await kept(app)) == 1
