"""Suppliers come over from another system, each of them once."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from services.sourcing.tests.conftest import approve, propose, send

from purveyor.imported import digest_of
from sourcing.suppliers.imports.rows import SupplierRow

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Bring, Desk


LEI = "529900T8BM49AURSDO55"


def row(reference: str, **columns: Any) -> dict[str, Any]:
    return {"external_reference": reference, "legal_name": f"Supplier {reference}"} | columns


async def test_a_supplier_that_was_approved_elsewhere_is_approved(desk: Desk, bring: Bring) -> None:
    [result] = await bring(
        row(
            "V-1",
            country="DE",
            vat="136 695 976",
            categories=["bearings"],
            approved_categories=["fasteners", "arv"],
            approval_expires_on="2027-12-31",
            registered_on="2009-04-01",
        ),
    )
    assert result["status"] == "created"
    supplier = await desk.read(result)
    assert (supplier["status"], supplier["imported"], supplier["registered_on"]) == (
        "approved",
        True,
        "2009-04-01",
    )
    assert supplier["categories"] == ["bearings", "arv", "fasteners"]
    assert [a["category"] for a in supplier["approvals"] if a["in_force"]] == ["arv", "fasteners"]
    (_, registered), (_, approved) = await desk.events(supplier)
    assert (registered["external_reference"], registered["registered_by"]) == ("V-1", "ada")
    assert registered["identifiers"] == [{"scheme": "VAT", "value": "DE136695976"}]
    assert approved["approvals"][0] == {"category": "arv", "expires_on": "2027-12-31"}


async def test_importing_twice_changes_nothing_even_after_a_change_here(desk: Desk, bring: Bring) -> None:
    rows = [
        row("V-1", categories=["b", "a"]),
        row("V-2", approved_categories=["c"], registered_on="2019-04-01"),
    ]
    created = await bring(*rows)
    changed = await desk.change(created[0], country="FR", legal_name="Renamed", categories=["a"])
    assert changed.status_code == 200, changed.text
    again = await bring(row("V-1", categories=["a", "b", "a"]), rows[1])
    assert [result["status"] for result in again] == ["unchanged", "unchanged"]
    assert [result["id"] for result in again] == [result["id"] for result in created]
    assert (await desk.read(created[0]))["legal_name"] == "Renamed"
    assert len(await desk.events(created[1])) == 2


async def test_two_systems_with_the_same_keys_are_both_imported(desk: Desk, bring: Bring) -> None:
    rows = [row("V-1", source_system=system, legal_name=f"Of {system}") for system in ("sap", "oracle")]
    first, second = await bring(*rows)
    assert [first["status"], second["status"]] == ["created", "created"]
    assert [result["status"] for result in await bring(*rows)] == ["unchanged", "unchanged"]
    supplier = await desk.read(second)
    assert (supplier["source_system"], supplier["legal_name"]) == ("oracle", "Of oracle")
    (_, registered), *_ = await desk.events(second)
    assert (registered["source_system"], registered["external_reference"]) == ("oracle", "V-1")


async def test_a_supplier_that_is_imported_six_times_at_once_is_there_once(
    desk: Desk, admin: httpx.AsyncClient, mika: httpx.AsyncClient
) -> None:
    await approve(admin, await propose(mika, six := row("V-six", vat="DE136695976")))
    answers = await asyncio.gather(*(send(admin, six) for _ in range(6)))
    results = [result for answer in answers for result in answer]
    assert sorted(result["status"] for result in results) == ["created"] + ["unchanged"] * 5
    assert len({result["id"] for result in results}) == 1


async def test_bad_rows_are_refused_with_line_column_and_reason_and_good_ones_kept(
    desk: Desk, bring: Bring
) -> None:
    await desk.registered(external_reference="V-0", identifiers=[{"scheme": "LEI", "value": LEI}])
    results = await bring(
        row("V-1"),
        row("V-1", country="DE"),
        row("V-2", vat="DE136695977"),
        row("V-3", lei=LEI),
        row("V-0"),
        row("V-4", country="XX"),
        {"legal_name": "Nameless"},
        row("V-5", colour="red"),
        row("V-6", registered_on="2026-11-21"),
        row("V-7", duns="1", gln="2"),
        "not a row",
        row("V-8"),
    )
    assert [(r["status"], r["code"]) for r in results] == [
        ("created", None),
        ("refused", "differs_from_import"),
        ("refused", "identifier_invalid"),
        ("refused", "identifier_taken"),
        ("refused", "differs_from_import"),
        ("refused", "row_not_valid"),
        ("refused", "row_not_valid"),
        ("refused", "row_not_valid"),
        ("refused", "registered_in_future"),
        ("refused", "identifier_invalid"),
        ("refused", "row_not_valid"),
        ("created", None),
    ]
    pointers = [[error["pointer"] for error in r["errors"]] for r in results]
    assert pointers[2] == ["/vat"]
    assert pointers[5:10] == [
        ["/country"],
        ["/external_reference"],
        ["/colour"],
        ["/registered_on"],
        ["/gln", "/duns"],
    ]
    assert "S-000001" in results[3]["errors"][0]["detail"]
    found = (await desk.buyer.get("/v1/suppliers", params={"q": "supplier"})).json()["items"]
    assert [item["external_reference"] for item in found] == ["V-1", "V-8"]


async def test_an_atomic_import_keeps_all_or_nothing(desk: Desk, bring: Bring) -> None:
    [problem] = await bring(row("V-1"), row("V-2", country="XX"), atomic=True)
    assert (problem["status"], problem["code"], problem["rows"], problem["refused"]) == (
        422,
        "rows_refused",
        2,
        1,
    )
    assert [(error["line"], error["pointer"]) for error in problem["errors"]] == [(2, "/country")]
    assert (await desk.buyer.get("/v1/suppliers")).json()["items"] == []
    results = await bring(row("V-1"), row("V-2"), atomic=True)
    assert [result["status"] for result in results] == ["created", "created"]


async def test_csv_is_read_with_lists_in_a_cell(
    desk: Desk, admin: httpx.AsyncClient, mika: httpx.AsyncClient
) -> None:
    content = (
        b"external_reference,legal_name,country,approved_categories,approval_expires_on,registered_on\r\n"
        b'V-1,"Muster, Schrauben GmbH",DE,fasteners; bearings,2027-12-31,2019-04-01\r\n'
        b"V-2,Nowhere Ltd,,,,\r\n"
    )
    headers = {"Content-Type": "text/csv"}
    proposal = await propose(mika)
    params = {"proposal": proposal["id"]}
    await mika.post("/v1/suppliers:import", content=content, headers=headers, params=params)
    await approve(admin, (await mika.get(f"/v1/imports/{proposal['id']}")).json())
    response = await admin.post("/v1/suppliers:import", content=content, headers=headers)
    first, second = [json.loads(line) for line in response.text.splitlines()]
    assert (await desk.read(first))["categories"] == ["bearings", "fasteners"]
    supplier = await desk.read(second)
    assert (supplier["status"], supplier["country"]) == ("registered", None)


@pytest.mark.parametrize("field", ["categories", "approved_categories"])
@pytest.mark.parametrize(
    "written",
    ["fasteners, seals", "fasteners|seals", "fasteners / seals", "fasteners\nseals", "fasteners、seals"],
)
async def test_what_looks_like_a_list_never_becomes_one_category(
    admin: httpx.AsyncClient, field: str, written: str
) -> None:
    lines = f'external_reference,legal_name,registered_on,{field}\nV-1,Muster,2019-04-01,"{written}"\n'
    headers = {"Content-Type": "text/csv"}
    answer = await admin.post("/v1/suppliers:import", content=lines.encode(), headers=headers)
    for result in (answer.json(), *(await send(admin, row("V-1", **{field: [written]})))):
        assert (result["status"], result["code"]) == ("refused", "row_not_valid")
        assert [error["pointer"] for error in result["errors"]] == [f"/{field}/0"]
    [result] = await send(admin, row("V-1", **{field: "fasteners;seals"}))
    assert result["errors"][0]["detail"] == "Input should be a valid array"


@pytest.mark.parametrize("written", ['["fasteners";"seals"]', '{"fasteners","seals"}', "[fasteners]"])
async def test_brackets_and_quotes_around_categories_never_become_parts_of_them(
    admin: httpx.AsyncClient, written: str
) -> None:
    quoted = written.replace('"', '""')
    lines = f'external_reference,legal_name,categories\nV-1,Muster,"{quoted}"\n'
    headers = {"Content-Type": "text/csv"}
    [error] = (await admin.post("/v1/suppliers:import", content=lines, headers=headers)).json()["errors"]
    assert error["pointer"] == "/categories"
    assert error["detail"].startswith(f"Holds {written[0]} around a list or its items: write them bare")
    [result] = await send(admin, row("V-1", categories=written.split(";")))
    assert (result["status"], result["code"]) == ("refused", "row_not_valid")
    assert result["errors"][0]["pointer"] == "/categories/0"


async def test_an_imported_supplier_needs_a_country_before_it_is_submitted(desk: Desk, bring: Bring) -> None:
    [result] = await bring(row("V-1", categories=["fasteners"]))
    response = await desk.act("submit", result)
    assert (response.status_code, response.json()["code"]) == (422, "details_missing")
    assert response.json()["errors"][0]["pointer"] == "/country"
    assert (await desk.change(result, country="DE", categories=["fasteners"])).status_code == 200
    assert (await desk.act("submit", result)).status_code == 200


async def test_nobody_brings_an_approved_supplier_alone(
    admin: httpx.AsyncClient, mika: httpx.AsyncClient
) -> None:
    approved = row("V-alone", country="DE", approved_categories=["fasteners"], registered_on="2019-04-01")
    [result] = await send(mika, approved)
    assert (result["status"], result["code"]) == ("refused", "import_not_let_in")
    proposal = await propose(mika, approved, row("V-other"))
    assert proposal["figures"]["kinds"] == {"approved supplier": 1, "supplier": 1}
    assert (await approve(mika, proposal)).status_code == 403
    [result] = await send(mika, approved)
    assert result["code"] == "import_not_let_in"
    assert (await approve(admin, proposal)).status_code == 200
    [other] = await send(mika, approved | {"approved_categories": ["fasteners", "arv"]})
    assert other["code"] == "import_not_let_in"
    [result] = await send(mika, approved)
    assert result["status"] == "created"


@pytest.mark.parametrize(
    ("cut_over", "registered_on", "why"),
    [
        (date(2026, 1, 1), None, "Say on which day it was registered"),
        (None, None, "Say on which day it was registered"),
        (date(2026, 1, 1), "2026-01-01", "is not before the cut-over, 2026-01-01"),
        (None, "2026-11-20", "is not before today, 2026-11-20"),
    ],
)
async def test_nobody_imports_an_approved_supplier_of_today(
    desk: Desk,
    admin: httpx.AsyncClient,
    bring: Bring,
    monkeypatch: pytest.MonkeyPatch,
    cut_over: date | None,
    registered_on: str | None,
    why: str,
) -> None:
    settings = desk.context.settings.model_copy(update={"import_cut_over": cut_over})
    monkeypatch.setattr(desk.context.database, "settings", settings)
    approved = row("V-today", country="DE", approved_categories=["fasteners"], registered_on=registered_on)
    proposal = (await admin.post("/v1/imports", json={"name": "today"})).json()["id"]
    for [result] in (await send(admin, approved, proposal=proposal), await bring(approved)):
        assert (result["status"], result["code"]) == ("refused", "not_of_the_past")
        assert [error["pointer"] for error in result["errors"]] == ["/registered_on"]
        assert why in result["errors"][0]["detail"]
    [result] = await bring(row("V-today", country="DE"))
    assert (await desk.read(result))["status"] == "registered"


async def test_a_supplier_is_proposed_as_it_would_be_imported(desk: Desk, mika: httpx.AsyncClient) -> None:
    await desk.registered(external_reference="V-0", identifiers=[{"scheme": "LEI", "value": LEI}])
    proposal = await propose(mika)
    results = await send(
        mika,
        row("V-1", vat="DE136695977", duns="1"),
        row("V-2", lei=LEI),
        row("V-0"),
        row("V-3", vat="DE136695976"),
        proposal=proposal["id"],
    )
    assert [(result["status"], result["code"]) for result in results] == [
        ("refused", "identifier_invalid"),
        ("refused", "identifier_taken"),
        ("refused", "differs_from_import"),
        ("proposed", None),
    ]
    assert [error["pointer"] for error in results[0]["errors"]] == ["/vat", "/duns"]
    assert [error["detail"] for error in results[2]["errors"]] == ["here already, and not imported"]


async def test_only_an_administrator_imports(desk: Desk) -> None:
    for client in (desk.buyer, desk.manager):
        response = await client.post("/v1/suppliers:import", content=b"")
        assert (response.status_code, response.json()["code"]) == (403, "scope_required")


async def test_an_approval_that_ended_elsewhere_is_imported_as_ended(desk: Desk, bring: Bring) -> None:
    [result] = await bring(
        row(
            "V-1",
            approved_categories=["arv"],
            approval_expires_on="2015-01-01",
            registered_on="2009-04-01",
        )
    )
    supplier = await desk.read(result)
    assert [approval["in_force"] for approval in supplier["approvals"]] == [False]
    assert (await desk.events(supplier))[-1][1]["approvals"] == []


class LaterRow(SupplierRow):
    """A row with columns that a later release may bring."""

    legal_form: str | None = None
    preferred: bool = False
    plants: tuple[str, ...] = ()


CODES = st.lists(st.sampled_from(["bearings", "fasteners", "seals"]), unique=True)
ROWS = st.fixed_dictionaries(
    {"external_reference": st.just("V-1"), "legal_name": st.sampled_from(["Acme", "Norrvik AS"])},
    optional={
        "country": st.sampled_from([None, "DE", "NO"]),
        "vat": st.sampled_from([None, "DE136695976"]),
        "categories": CODES,
        "approved_categories": CODES,
        "approval_expires_on": st.sampled_from([None, "2027-12-31"]),
    },
)


@given(ROWS)
def test_columns_added_later_leave_a_digest_as_it_was_while_absent(columns: dict[str, Any]) -> None:
    stored = digest_of(SupplierRow.model_validate(columns))
    assert digest_of(LaterRow.model_validate(columns)) == stored
    assert digest_of(LaterRow.model_validate(columns | {"legal_form": "GmbH"})) != stored


@given(ROWS, ROWS)
def test_rows_have_one_digest_exactly_when_they_say_the_same(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    rows = [SupplierRow.model_validate(columns) for columns in (one, other)]
    assert (digest_of(rows[0]) == digest_of(rows[1])) == (rows[0] == rows[1])
