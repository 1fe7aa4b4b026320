"""Files over HTTP: sent, kept, claimed, downloaded, deleted, and forgotten when nothing takes them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from purveyor.auth import Principal
from purveyor.errors import InvalidError
from purveyor.service import ServiceContext
from purveyor_contract.roles import Role
from sourcing.files.api import remove_bytes
from sourcing.files.commands import Content, announce, claim
from sourcing.files.rules import key_of

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Clock, Desk

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\n%%EOF\n"
OURS = Principal("bob", "cli", frozenset(), frozenset({Role.BUYER}))


async def sent(
    by: httpx.AsyncClient, content: Any = PDF, name: str = "ISO 9001.pdf", **headers: str
) -> httpx.Response:
    return await by.post(
        "/v1/files",
        params={"name": name},
        content=content,
        headers={"Content-Type": "application/pdf"} | headers,
    )


def bytes_of(context: ServiceContext, file_id: str) -> Path:
    return Path(urlsplit(context.settings.files).path) / key_of(UUID(file_id))


async def swept(context: ServiceContext) -> int:
    """Let the chore work until there is nothing left to do; returns how many files it was at."""
    for count in range(10):
        async with context.database.transaction() as tx:
            if not await remove_bytes(tx):
                return count
    raise AssertionError


async def test_a_file_is_sent_read_downloaded_and_deleted_and_its_record_stays(
    desk: Desk, as_person: AsPerson
) -> None:
    supplier, other = await desk.registered(), await desk.registered(legal_name="Another AG")
    sue = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    uma = as_person("uma", Role.SUPPLIER, supplier_id=other["id"])
    response = await sent(sue, name="Zertifikat Größe.pdf", **{"Idempotency-Key": "one"})
    assert response.status_code == 201, response.text
    file = response.json()
    path = response.headers["location"]
    assert path == f"/v1/files/{file['id']}"
    assert (file["media_type"], file["size"]) == ("application/pdf", len(PDF))
    assert file["sha256"] == hashlib.sha256(PDF).hexdigest()
    again = await sent(sue, name="Zertifikat Größe.pdf", **{"Idempotency-Key": "one"})
    assert again.json() == file
    assert again.headers["idempotent-replayed"] == "true"
    assert (await sent(sue, PDF + b" ", **{"Idempotency-Key": "one"})).json()[
        "code"
    ] == "idempotency_key_reused"

    content = await desk.buyer.get(f"{path}/content")
    assert content.content == PDF
    assert content.headers["content-disposition"].startswith("attachment; ")
    assert content.headers["content-security-policy"].startswith("sandbox")
    assert content.headers["x-content-type-options"] == "nosniff"
    assert content.headers["content-type"] == "application/pdf"
    for others in ("application/json", "image/png"):
        refused = await desk.buyer.get(f"{path}/content", headers={"Accept": others})
        assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert (await sue.get(f"{path}/content")).content == PDF
    assert (await uma.get(path)).json()["code"] == (await uma.get(f"{path}/content")).json()["code"]
    assert (await uma.get(path)).json()["code"] == "file_not_found"

    why = {"reason": "It is a passport"}
    seen = {"If-Match": (await desk.manager.get(path)).headers["etag"]}
    assert (await uma.post(f"{path}:delete", json=why, headers=seen)).json()["code"] == "file_not_found"
    assert (await desk.buyer.post(f"{path}:delete", json=why, headers=seen)).json()["code"] == "file_in_use"
    deleted = await desk.manager.post(f"{path}:delete", json=why, headers=seen)
    assert deleted.json()["status"] == "deleted"
    assert (await desk.buyer.get(f"{path}/content")).status_code == 410
    assert bytes_of(desk.context, file["id"]).exists()
    assert await swept(desk.context) == 1
    assert not bytes_of(desk.context, file["id"]).exists()
    assert (await sue.get(path)).json() == file | {
        "status": "deleted",
        "deleted_at": deleted.json()["deleted_at"],
    }
    assert [record["action"] for record in await desk.audit(file["id"])] == ["upload", "delete"]


async def test_what_is_refused_leaves_nothing_behind(desk: Desk, app: FastAPI) -> None:
    too_large = bytes(1_048_577)
    for content, name, kind, status, code in (
        (PDF, "../a.pdf", "application/pdf", 422, "validation_failed"),
        (PDF, "\u3164.pdf", "application/pdf", 422, "validation_failed"),
        (PDF, "a.png", "image/png", 422, "file_not_what_it_says"),
        (too_large, "a.pdf", "application/pdf", 422, "file_type_refused"),
        (b"", "a.pdf", "application/pdf", 422, "file_empty"),
        (bytes(26_214_401), "a.pdf", "application/pdf", 413, "body_too_large"),
    ):
        refused = await sent(desk.buyer, content, name, **{"Content-Type": kind})
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    async with desk.context.database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM stored_file") == 0
    assert app.state.uploads.taken == 0


async def test_a_file_is_claimed_by_whom_it_concerns_and_no_other(desk: Desk, as_person: AsPerson) -> None:
    supplier, other = await desk.registered(), await desk.registered(legal_name="Another AG")
    sue = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    of_sue, of_bob = (await sent(sue)).json(), (await sent(desk.buyer)).json()
    hers = Principal("sue", "cli", frozenset(), frozenset({Role.SUPPLIER}), UUID(supplier["id"]))

    async def refused(file_id: str, by: Principal, **shown_to: Any) -> str:
        async with desk.context.database.transaction() as tx:
            with pytest.raises(InvalidError) as error:
                await claim(tx, UUID(file_id), by, pointer="/evidence/0", **shown_to)
            assert [one.pointer for one in error.value.errors] == ["/evidence/0"]
        return error.value.code

    assert await refused(str(uuid4()), OURS) == "file_unknown"
    assert await refused(of_bob["id"], hers) == "file_unknown"
    assert await refused(of_sue["id"], OURS, shown_to=UUID(other["id"])) == "file_of_another"
    internal, colleagues = (await sent(desk.buyer)).json(), (await sent(desk.manager)).json()
    async with desk.context.database.transaction() as tx:
        await claim(tx, UUID(internal["id"]), OURS)
    for not_theirs in (internal, colleagues):
        code = await refused(not_theirs["id"], OURS, shown_to=hers.supplier_id)
        assert code == "file_of_another", "an internal file is opened to a supplier by naming it"
        assert (await sue.get(f"/v1/files/{not_theirs['id']}")).status_code == 404
    for _ in range(2):
        async with desk.context.database.transaction() as tx:
            await claim(tx, UUID(of_sue["id"]), hers)
            await claim(tx, UUID(of_bob["id"]), OURS, shown_to=hers.supplier_id)
    assert (await sue.get(f"/v1/files/{of_bob['id']}/content")).content == PDF
    seen = {"If-Match": (await sue.get(f"/v1/files/{of_sue['id']}")).headers["etag"]}
    kept = await sue.post(f"/v1/files/{of_sue['id']}:delete", json={"reason": "Mine"}, headers=seen)
    assert kept.json()["code"] == "file_in_use"


async def test_what_nothing_takes_and_what_was_cut_off_goes_by_itself(
    desk: Desk, clock: Clock, context: ServiceContext
) -> None:
    taken, orphan = (await sent(desk.buyer)).json(), (await sent(desk.buyer)).json()
    async with context.database.transaction() as tx:
        await claim(tx, UUID(taken["id"]), OURS)
        cut_off = await announce(tx, "a.pdf", Content("application/pdf", 3, bytes(32)), OURS)  # type: ignore[arg-type]
    bytes_of(context, str(cut_off)).parent.mkdir(exist_ok=True)
    bytes_of(context, str(cut_off)).write_bytes(b"abc")
    assert (await desk.buyer.get(f"/v1/files/{cut_off}")).status_code == 404
    assert await swept(context) == 0
    clock.wait(hours=2)
    assert await swept(context) == 1
    assert not bytes_of(context, str(cut_off)).exists()
    clock.wait(hours=23)
    assert await swept(context) == 1
    assert not bytes_of(context, orphan["id"]).exists()
    assert (await desk.buyer.get(f"/v1/files/{orphan['id']}")).json()["status"] == "deleted"
    assert (await desk.buyer.get(f"/v1/files/{taken['id']}/content")).content == PDF
    async with context.database.transaction() as tx:
        with pytest.raises(InvalidError, match="upload it again"):
            await claim(tx, UUID(orphan["id"]), OURS)
