"""What a supplier is: stated at registration, changed later, always checked."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI

from purveyor.service import ServiceContext

from .suppliers.rules.test_vat import MODULES, examples

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Bring, Desk


LEI = "529900T8BM49AURSDO55"
NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.mark.parametrize("name", ["N/A", "n.a.", "TBD", "null", "#N/A", "(none)", "N. N.", "unbekannt"])
async def test_a_name_that_stands_for_none_is_refused_with_the_reason(
    desk: Desk, bring: Bring, name: str
) -> None:
    answer = await desk.buyer.post("/v1/suppliers", json=desk.details(legal_name=name))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/legal_name"
    assert "names nobody: state the name that the supplier is registered under" in error["detail"]
    (row,) = await bring({"external_reference": "V-NOBODY", "legal_name": name})
    assert row["status"] == "refused"
    assert "names nobody" in row["errors"][0]["detail"]


@pytest.mark.parametrize("name", ["NN Group N.V.", "Null Taxi GmbH", "Nokia", "U", "3M", "無印良品"])
async def test_a_name_that_only_resembles_a_placeholder_is_taken(desk: Desk, name: str) -> None:
    assert (await desk.registered(legal_name=name))["legal_name"] == name


async def test_everything_stated_is_kept(desk: Desk) -> None:
    stated: dict[str, Any] = {
        "legal_name": "  Müller & Söhne KG ",
        "country": "at",
        "identifiers": [
            {"scheme": "vat", "value": "ATU 13585627"},
            {"scheme": "LEI", "value": LEI.lower()},
            {"scheme": "DUNS", "value": "15-048-3782"},
            {"scheme": "GLN", "value": "4006381333931"},
            {"scheme": "LEI", "value": LEI},
        ],
        "contacts": [{"name": "Erika", "email": "e@example.com", "phone": "+43 1 234", "role": "sales"}],
        "categories": ["fasteners", "fasteners", "bearings"],
        "sites": [{"name": "Wien", "address": "Ring 1\n1010 Wien", "country": "AT", "gln": "4006381333931"}],
        "external_reference": "V-1",
    }
    supplier = await desk.registered(**stated)
    assert supplier == await desk.read(supplier)
    assert supplier["legal_name"] == "Müller & Söhne KG"
    assert supplier["country"] == "AT"
    assert supplier["identifiers"] == [
        {"scheme": "DUNS", "value": "150483782"},
        {"scheme": "GLN", "value": "4006381333931"},
        {"scheme": "LEI", "value": LEI},
        {"scheme": "VAT", "value": "ATU13585627"},
    ]
    assert supplier["categories"] == ["fasteners", "bearings"]
    assert supplier["contacts"] == stated["contacts"]
    assert supplier["sites"] == [stated["sites"][0] | {"makes": []}]
    [(_, event)] = await desk.events(supplier)
    assert event["external_reference"] == "V-1"
    assert event["identifiers"] == supplier["identifiers"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"legal_name": ""}, "/legal_name"),
        ({"legal_name": "  "}, "/legal_name"),
        ({"legal_name": "x" * 301}, "/legal_name"),
        ({"legal_name": "a\0b"}, "/legal_name"),
        ({"legal_name": None}, "/legal_name"),
        ({"country": "XX"}, "/country"),
        ({"country": "Germany"}, "/country"),
        ({"country": None}, "/country"),
        ({"identifiers": [{"scheme": "VAT", "value": "DE136695977"}]}, "/identifiers/0/value"),
        ({"identifiers": [{"scheme": "LEI", "value": LEI[:-1] + "6"}]}, "/identifiers/0/value"),
        (
            {"identifiers": [{"scheme": "LEI", "value": LEI}, {"scheme": "GLN", "value": "1"}]},
            "/identifiers/1/value",
        ),
        ({"identifiers": [{"scheme": "DUNS", "value": "-123456789-1"}]}, "/identifiers/0/value"),
        ({"identifiers": [{"scheme": "IBAN", "value": "1"}]}, "/identifiers/0/scheme"),
        ({"identifiers": [{"scheme": "LEI", "value": LEI}] * 51}, "/identifiers"),
        ({"contacts": [{"name": "E", "email": "nobody"}]}, "/contacts/0/email"),
        ({"contacts": [{"name": "E", "email": "e@example..com"}]}, "/contacts/0/email"),
        ({"contacts": [{"name": "E", "email": "e@printer.local"}]}, "/contacts/0/email"),
        ({"contacts": [{"name": "E", "phone": "call me"}]}, "/contacts/0/phone"),
        ({"contacts": [{"name": "E", "phone": "+999 89 1234567"}]}, "/contacts/0/phone"),
        ({"contacts": [{"name": "E", "phone": "+49 89 12345678901234"}]}, "/contacts/0/phone"),
        ({"contacts": [{"email": "e@example.com"}]}, "/contacts/0/name"),
        ({"categories": [""]}, "/categories/0"),
        ({"categories": ["c" * 65]}, "/categories/0"),
        ({"categories": [f"c{n}" for n in range(201)]}, "/categories"),
        ({"sites": [{"name": "W", "address": "R", "country": "AT", "gln": "4006381333932"}]}, "/sites/0/gln"),
        ({"sites": [{"name": "W", "address": "R"}]}, "/sites/0/country"),
        ({"sites": [{"name": "W", "address": "R\0", "country": "AT"}]}, "/sites/0/address"),
        ({"status": "approved"}, "/status"),
        ({"external_reference": "\0"}, "/external_reference"),
    ],
)
async def test_what_is_wrong_is_refused_naming_the_field(desk: Desk, changes: Any, pointer: str) -> None:
    response = await desk.buyer.post("/v1/suppliers", json=desk.details(**changes))
    assert response.status_code == 422, response.text
    assert pointer in [error["pointer"] for error in response.json()["errors"]]


@pytest.mark.parametrize(
    "email", ["müller@bücher.example", "b.e.stallman+orders@a-kommunen.se", "info@x.museum"]
)
@pytest.mark.parametrize(
    "phone", ["+49 (0)89 1234-0", "+380432216930", "+800 1234 5678", "010/12345", "5121230"]
)
async def test_contacts_are_kept_as_they_are_written(desk: Desk, email: str, phone: str) -> None:
    contact = {"name": "E", "email": email, "phone": phone, "role": None}
    assert (await desk.registered(contacts=[contact]))["contacts"] == [contact]


async def test_what_was_taken_before_it_was_checked_is_still_shown(
    desk: Desk, context: ServiceContext
) -> None:
    supplier = await desk.registered()
    contacts = [{"name": "E", "email": "e@printer.local", "phone": "+999 1", "role": None}]
    sites = [{"name": "W", "address": "R", "country": "AN", "gln": None}]
    async with context.database.connection() as connection:
        await connection.execute(
            "UPDATE supplier SET contacts = $1, sites = $2", json.dumps(contacts), json.dumps(sites)
        )
    shown = await desk.read(supplier)
    assert (shown["contacts"], shown["sites"]) == (contacts, [sites[0] | {"makes": []}])


@pytest.mark.parametrize("body", ["", "null", "[]", "{", '{"legal_name": "\\ud800", "country": "DE"}'])
async def test_a_body_that_is_no_supplier_is_refused(desk: Desk, body: str) -> None:
    response = await desk.buyer.post(
        "/v1/suppliers", content=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422, response.text


async def test_an_identifier_belongs_to_one_supplier_whose_name_is_told(desk: Desk) -> None:
    holder = await desk.registered(identifiers=[{"scheme": "LEI", "value": LEI}])
    stated = desk.details(legal_name="Twin", identifiers=[{"scheme": "LEI", "value": LEI.lower()}])
    response = await desk.buyer.post("/v1/suppliers", json=stated)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (409, "identifier_taken")
    assert (problem["supplier_id"], problem["number"]) == (holder["id"], "S-000001")
    assert "S-000001" in problem["detail"]
    assert "Muster Schrauben GmbH" in problem["detail"]
    other = await desk.registered(legal_name="Other")
    refused = await desk.change(other, identifiers=[{"scheme": "LEI", "value": LEI}])
    assert (refused.status_code, refused.json()["supplier_id"]) == (409, holder["id"])


async def test_an_external_reference_belongs_to_one_supplier(desk: Desk) -> None:
    holder = await desk.registered(external_reference="V-1")
    response = await desk.buyer.post("/v1/suppliers", json=desk.details(external_reference="V-1"))
    assert (response.status_code, response.json()["code"]) == (409, "external_reference_taken")
    assert response.json()["supplier_id"] == holder["id"]


@pytest.mark.parametrize(
    "shared", [{"identifiers": [{"scheme": "LEI", "value": LEI}]}, {"external_reference": "V-1"}]
)
async def test_of_two_twins_registered_at_once_one_is_refused(desk: Desk, shared: Any) -> None:
    answers: list[httpx.Response] = await asyncio.gather(
        *(desk.buyer.post("/v1/suppliers", json=desk.details(**shared)) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_a_change_replaces_everything_and_is_published_whole(desk: Desk) -> None:
    supplier = await desk.registered(
        identifiers=[{"scheme": "LEI", "value": LEI}, {"scheme": "DUNS", "value": "150483782"}]
    )
    response = await desk.change(
        supplier,
        legal_name="Muster AG",
        country="CH",
        identifiers=[{"scheme": "LEI", "value": LEI}, {"scheme": "VAT", "value": "CHE107787577IVA"}],
        categories=["fasteners"],
    )
    assert response.status_code == 200, response.text
    assert response.headers["etag"] == '"2"'
    assert response.json() == await desk.read(supplier)
    name, event = (await desk.events(supplier))[-1]
    assert name == "SupplierDetailsChanged"
    assert event["identifiers"] == [
        {"scheme": "LEI", "value": LEI},
        {"scheme": "VAT", "value": "CHE107787577"},
    ]
    assert (event["legal_name"], event["country"], event["categories"]) == ("Muster AG", "CH", ["fasteners"])
    record = (await desk.audit(supplier["id"]))[-1]
    assert (record["before"]["legal_name"], record["after"]["legal_name"]) == (
        "Muster Schrauben GmbH",
        "Muster AG",
    )
    freed = await desk.registered(identifiers=[{"scheme": "DUNS", "value": "150483782"}])
    assert freed["identifiers"] == [{"scheme": "DUNS", "value": "150483782"}]


async def test_a_change_of_nothing_changes_nothing(desk: Desk) -> None:
    supplier = await desk.registered(identifiers=[{"scheme": "LEI", "value": LEI}])
    response = await desk.change(supplier, identifiers=[{"scheme": "LEI", "value": LEI}])
    assert (response.status_code, response.headers["etag"]) == (200, '"1"')
    assert await desk.event_names(supplier) == ["SupplierRegistered"]


async def test_what_a_supplier_is_approved_for_stays_among_what_it_offers(desk: Desk) -> None:
    supplier = await desk.approved()
    response = await desk.change(supplier, categories=["bearings"])
    assert (response.status_code, response.json()["code"]) == (422, "category_approved")
    assert response.json()["errors"][0]["pointer"] == "/categories"


async def test_a_terminated_supplier_is_not_changed(desk: Desk) -> None:
    response = await desk.change(await desk.terminated(), legal_name="Phoenix")
    assert (response.status_code, response.json()["allowed"]) == (409, [])


async def test_a_registered_supplier_keeps_having_a_country(desk: Desk) -> None:
    response = await desk.change(await desk.registered(), country=None)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/country")


async def test_a_supplier_that_offers_nothing_is_not_submitted(desk: Desk) -> None:
    response = await desk.act("submit", await desk.registered(categories=[]))
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/categories")


async def test_who_reads_a_suppliers_contacts_is_known(desk: Desk, app: FastAPI) -> None:
    supplier = await desk.registered()
    await desk.read(supplier)
    await app.state.security.written()
    async with app.state.database.connection() as connection:
        rows = await connection.fetch("SELECT kind, code, method, route FROM security_record ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("read", "contacts", "POST", "/v1/suppliers"),
        ("read", "contacts", "GET", "/v1/suppliers/{supplier_id}"),
    ]


async def test_what_is_shown_of_a_supplier_is_taken_again_in_every_country(desk: Desk, bring: Bring) -> None:
    stated = ("legal_name", "country", "identifiers", "contacts", "categories", "sites")
    for country in MODULES:
        number = {"scheme": "VAT", "value": examples(country)[0]}
        supplier = await desk.registered(country=country, identifiers=[number])
        shown = await desk.read(supplier)
        answer = await desk.change(supplier, **{name: shown[name] for name in stated})
        assert answer.status_code == 200, (country, answer.text)
        assert answer.json() == shown
        row = {
            "external_reference": country,
            "legal_name": "Twin",
            "country": country,
            "vat": number["value"],
        }
        [twin] = await bring(row)
        assert (twin["status"], twin["code"]) == ("refused", "identifier_taken"), (country, twin)


async def test_the_audit_trail_holds_digests_of_contacts_and_never_what_they_say(
    desk: Desk, context: ServiceContext
) -> None:
    contact = {"name": "Erika Muster", "email": "erika@example.com", "phone": "+43 1 234", "role": "head"}
    supplier = await desk.registered(contacts=[contact])
    await desk.change(supplier, contacts=[contact | {"phone": "+43 1 235"}])
    async with context.database.connection() as connection:
        trail = await connection.fetchval("SELECT string_agg(audit_record::text, ' ') FROM audit_record")
        apart = await connection.fetchval("SELECT count(*) FROM audit_personal")
    assert "Muster Schrauben" in trail
    assert not any(text in trail for text in contact.values())
    assert apart == 3


async def test_a_site_makes_what_the_supplier_offers(desk: Desk) -> None:
    site = {"name": "Plant Augsburg", "address": "Industriestraße 1", "country": "DE"}
    made = await desk.registered(sites=[site | {"makes": ["fasteners"]}, site])
    assert [one["makes"] for one in made["sites"]] == [["fasteners"], []]
    refused = await desk.change(made, sites=[site, site | {"makes": ["bearings", "castings"]}])
    assert (refused.status_code, refused.json()["code"]) == (422, "made_not_offered")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/sites/1/makes/1"]
