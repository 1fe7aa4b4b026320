"""A list is loaded, a supplier that may be on it is held at once, and another person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from purveyor_contract.roles import Role
from sourcing.screening.commands import note_changed, screen_daily, screen_due, step

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

Json = dict[str, Any]
HEADER = "reference,name,kind,aliases,weak_aliases,countries,identifiers"
NORDWIND = "1,NORDWIND FRACHT OAO,company,,NWF,RU,7710140279"
TARKANOV = '2,"TARKANOV, Viktor Nikolaevich",person,,THE DOCTOR,RU,'
OTHERS = [f"{n},HYPERBOREA WORKS {n},company,,,," for n in range(100, 130)]


async def load(
    admin: httpx.AsyncClient, *rows: str, code: str = "ours", form: str = "csv", **query: Any
) -> httpx.Response:
    return await admin.post(
        f"/v1/screening-lists/{code}:load",
        params={"form": form, **query},
        content="\n".join((HEADER, *rows) if form == "csv" else rows),
        headers={"Content-Type": "text/csv"},
    )


async def loaded(admin: httpx.AsyncClient, *rows: str, **query: Any) -> Json:
    response = await load(admin, *rows, **query)
    assert response.status_code == 200, response.text
    version: Json = response.json()
    return version


async def work(desk: Desk) -> None:
    """Let the worker do what it does every second, until nothing is left."""
    for chore in (note_changed, screen_due, step):
        more = True
        while more:
            async with desk.context.database.transaction() as tx:
                tx.actor = "chore"
                more = await chore(tx)


async def hits(desk: Desk, **query: Any) -> list[Json]:
    response = await desk.manager.get("/v1/screening-hits", params=query)
    assert response.status_code == 200, response.text
    items: list[Json] = response.json()["items"]
    return items


async def decide(by: httpx.AsyncClient, hit: Json, verdict: str) -> httpx.Response:
    path = f"/v1/screening-hits/{hit['id']}"
    etag = (await by.get(path)).headers["etag"]
    return await by.post(f"{path}:{verdict}", json={"reason": "Looked at it"}, headers={"If-Match": etag})


async def blocks(desk: Desk, supplier: Json) -> list[str]:
    return [block["reference"] for block in (await desk.read(supplier))["blocks"]]


async def test_a_hit_holds_a_supplier_until_another_clears_it_and_comes_back_with_a_change(
    desk: Desk, admin: httpx.AsyncClient, as_person: AsPerson
) -> None:
    await loaded(admin, NORDWIND, TARKANOV, *OTHERS)
    await work(desk)
    held = await desk.approved(legal_name="Nordwind Fracht GmbH")
    free = await desk.approved(legal_name="Nordwind Logistik Bremen GmbH")
    await work(desk)
    [hit] = await hits(desk, status="raised")
    assert (hit["supplier"]["id"], hit["list"], hit["reference"], hit["score"]) == (
        held["id"], "ours", "1", "97.0",
    )  # fmt: skip
    assert [(word["ours"], word["theirs"]) for word in hit["shared"]] == [
        ("nordwind", "nordwind"),
        ("fracht", "fracht"),
    ]
    assert (hit["countries"], hit["listed_as"], hit["name"]) == (
        "differ", "NORDWIND FRACHT OAO", "Nordwind Fracht GmbH",
    )  # fmt: skip
    assert await blocks(desk, held) == [hit["id"]]
    assert await blocks(desk, free) == []

    registrar = as_person("bob", Role.CATEGORY_MANAGER)
    assert (await decide(registrar, hit, "clear")).json()["code"] == "segregation_of_duties"
    cleared = (await decide(desk.manager, hit, "clear")).json()
    assert (cleared["status"], cleared["decided_by"], cleared["allowed_actions"]) == ("cleared", "carla", [])
    assert await blocks(desk, held) == []
    assert (await decide(desk.manager, hit, "confirm")).json()["code"] == "wrong_state"
    names = [name for name in await desk.event_names(held) if "Approved" not in name][-4:]
    assert names == ["ScreeningHitRaised", "SupplierBlocked", "ScreeningHitCleared", "SupplierUnblocked"]

    await loaded(admin, NORDWIND, TARKANOV, *OTHERS)
    await desk.act("suspend", held, reason="Audit")
    await work(desk)
    async with desk.context.database.transaction() as tx:
        await screen_daily(tx, tx.day)
    await work(desk)
    assert len(await hits(desk)) == 1, "neither the entry nor who the supplier is has changed"

    changed = await loaded(admin, f"{NORDWIND};1027700", TARKANOV, *OTHERS)
    assert (changed["new"], changed["changed"], changed["gone"]) == (0, 1, 0)
    await work(desk)
    [again] = await hits(desk, status="raised")
    assert again["id"] != hit["id"]
    confirmed = (await decide(desk.manager, again, "confirm")).json()
    assert (confirmed["status"], confirmed["allowed_actions"]) == ("confirmed", ["clear"])
    assert await blocks(desk, held) == [again["id"]]
    assert (await desk.event_names(held))[-1] == "ScreeningHitConfirmed"
    assert [record["action"] for record in await desk.audit(again["id"])] == ["raise", "confirm"]


async def test_owners_and_aliases_are_stated_and_a_change_of_who_it_is_is_screened(
    desk: Desk, admin: httpx.AsyncClient, as_person: AsPerson
) -> None:
    await loaded(admin, NORDWIND, TARKANOV)
    supplier = await desk.registered()
    await work(desk)
    assert await hits(desk) == []
    path = f"/v1/suppliers/{supplier['id']}/screened-names"
    stated = {"names": [{"name": "Виктор Тарканов", "role": "owner"}]}
    assert (await desk.buyer.get(path)).json() == {"names": []}
    assert (await desk.buyer.put(path, json=stated)).json() == stated
    assert (await desk.buyer.put(path, json={"names": []})).status_code == 428
    await work(desk)
    [hit] = await hits(desk, supplier_id=supplier["id"])
    assert (hit["role"], hit["name"], hit["kind"]) == ("owner", "Виктор Тарканов", "person")
    changed = await desk.change(supplier, identifiers=[{"scheme": "LEI", "value": "529900T8BM49AURSDO55"}])
    assert changed.status_code == 200, changed.text
    await desk.change(supplier, legal_name="NORDWIND FRACHT", country="RU")
    await work(desk)
    assert {hit["reference"]: hit["score"] for hit in await hits(desk, sort="-score")} == {
        "1": "100.0",
        "2": hit["score"],
    }
    theirs = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    for address in ("/v1/screening-hits", f"/v1/screening-hits/{hit['id']}", path, "/v1/screening-lists"):
        assert (await theirs.get(address)).status_code == 403
    shown = (await theirs.get(f"/v1/suppliers/{supplier['id']}")).json()
    assert "TARKANOV" not in str(shown)
    assert [block["reason_for_supplier"] for block in shown["blocks"]] == [None, None]


async def test_a_file_is_a_version_and_a_bad_one_does_not_replace_the_good_one(
    desk: Desk, admin: httpx.AsyncClient
) -> None:
    first = await loaded(admin, NORDWIND, TARKANOV, *OTHERS, "9,,company", "9,,company,,,,")
    assert (first["number"], first["entries"], first["broken"], first["new"]) == (1, 32, 2, 32)
    broken = (await admin.get("/v1/screening-lists/ours/versions/1/broken-rows")).json()["items"]
    assert broken == [
        {"line": 34, "reason": "has 3 fields where the first line names 7"},
        {"line": 35, "reason": "has no name"},
    ]
    second = await loaded(admin, NORDWIND, NORDWIND, *OTHERS[1:], "140,NEW ONE,,,,,")
    assert (second["new"], second["changed"], second["gone"], second["broken"]) == (1, 0, 2, 1)
    cut_short = await load(admin, NORDWIND)
    assert (cut_short.status_code, cut_short.json()["code"], cut_short.json()["version"]) == (
        422, "list_refused", 3,
    )  # fmt: skip
    rubbish = await load(admin, *(f"{n}" for n in range(3_000)))
    assert "3,000 of 3,000 rows cannot be read" in rubbish.json()["detail"]
    kept = await admin.get("/v1/screening-lists/ours/versions/4/broken-rows?limit=200&sort=-line")
    assert kept.json()["items"][0]["line"] == 1001, "the first thousand are kept"
    lists = (await desk.buyer.get("/v1/screening-lists")).json()["items"]
    assert lists == [{"code": "ours", "version": 2}]
    versions = (await desk.buyer.get("/v1/screening-lists/ours/versions")).json()["items"]
    assert [(one["number"], one["status"]) for one in versions] == [
        (4, "refused"), (3, "refused"), (2, "loaded"), (1, "loaded"),
    ]  # fmt: skip
    assert (await loaded(admin, NORDWIND, may_shrink=True))["gone"] == 30
    await work(desk)
    [latest, *_] = (await desk.buyer.get("/v1/screening-runs")).json()["items"]
    assert latest["finished_at"] is not None
    assert (await desk.buyer.get("/v1/screening-lists/ours/versions/77/broken-rows")).status_code == 404


async def test_a_column_that_nobody_knows_is_told_and_nothing_is_screened_without_it(
    admin: httpx.AsyncClient,
) -> None:
    query: Any = {"params": {"form": "csv"}, "headers": {"Content-Type": "text/csv"}}
    for header, said in (
        ("reference,name,alias", "names alias, which is no column"),
        ("reference,name,name", "names name twice"),
    ):
        rows = f"{header}\n1,Zed,Quarnstein Handels\n"
        refused = await admin.post("/v1/screening-lists/ours:load", content=rows, **query)
        assert refused.json()["code"] == "list_refused"
        number = refused.json()["version"]
        address = f"/v1/screening-lists/ours/versions/{number}/broken-rows"
        [broken] = (await admin.get(address)).json()["items"]
        assert said in broken["reason"]


async def test_an_entry_that_holds_a_supplier_is_not_lost_unless_it_is_meant_and_its_hit_stays(
    desk: Desk, admin: httpx.AsyncClient
) -> None:
    await loaded(admin, NORDWIND, *OTHERS)
    held = await desk.approved(legal_name="Nordwind Fracht GmbH")
    await work(desk)
    [hit] = await hits(desk, status="raised")
    lost = await load(admin, *OTHERS)
    assert (lost.status_code, lost.json()["code"]) == (422, "list_refused")
    assert "suppliers are held by entries that are gone (1)" in lost.json()["detail"]
    assert (await loaded(admin, *OTHERS, may_shrink=True))["gone"] == 1
    await work(desk)
    assert await hits(desk) == [hit]
    assert await blocks(desk, held) == [hit["id"]]
    few = await loaded(admin, *OTHERS[:8], code="few")
    assert few["entries"] == 8
    emptied = await load(admin, OTHERS[0], code="few")
    assert "7 of the 8 entries before are gone" in emptied.json()["detail"]


@pytest.mark.parametrize(
    ("form", "rows", "names"),
    [
        (
            "ofac-sdn",
            [
                '1,"NORDWIND FRACHT OAO",-0- ,"X",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"a.k.a. \'NWF\'; '
                'nationality Russia; Tax ID No. 7710140279 (Russia)."',
                '1,5,"aka","NORTH WIND FREIGHT",-0- ',
                "\x1a",
            ],
            ["1", "1/5"],
        ),
        (
            "opensanctions-simple",
            [
                "\ufeffid,schema,name,aliases,birth_date,countries,addresses,identifiers",
                '1,Company,"Nordwind Fracht","NORTH WIND FREIGHT",,ru,,7710140279',
            ],
            ["1"],
        ),
        (
            "follow-the-money",
            [
                '{"id": "1", "schema": "Company", "properties": '
                '{"name": ["Nordwind Fracht"], "country": ["ru"]}}',
                '{"id": "2", "schema": "Address", "properties": {}}',
            ],
            ["1"],
        ),
    ],
)
async def test_lists_come_in_the_forms_of_their_publishers(
    desk: Desk, admin: httpx.AsyncClient, form: str, rows: list[str], names: list[str]
) -> None:
    supplier = await desk.registered(legal_name="Nordwind Fracht GmbH", country="RU", categories=[])
    version = await loaded(admin, *rows, form=form, code="theirs")
    assert (version["entries"], version["broken"]) == (len(names), 0)
    await work(desk)
    [hit] = await hits(desk, supplier_id=supplier["id"])
    assert (hit["reference"], hit["score"], hit["listed_countries"]) == ("1", "100.0", ["RU"])
