"""An approved supplier stays what was approved: who it is does not change by one person alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from purveyor_contract.roles import Role

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Bring, Desk, Does

PEOPLE = ("ann", "ben", "cleo")
VAT = [{"scheme": "VAT", "value": "DE136695976"}]
OTHER_VAT = [{"scheme": "VAT", "value": "DE129273398"}]
CHANGES: list[dict[str, Any]] = [
    {"legal_name": "Briefkasten Ltd"},
    {"country": "CY", "identifiers": []},
    {"identifiers": OTHER_VAT},
    {"identifiers": []},
    {"identifiers": [*VAT, {"scheme": "LEI", "value": "529900T8BM49AURSDO55"}]},
]


@pytest.mark.parametrize("change", CHANGES, ids="-".join)
async def test_a_change_of_who_an_approved_supplier_is_waits_for_another(
    desk: Desk, does: Does, change: dict[str, Any]
) -> None:
    supplier = await desk.approved(identifiers=VAT)
    changed = (await does("mallory", "change", supplier, **{"identifiers": VAT} | change)).json()
    assert changed["status"] == "unconfirmed"
    assert changed["allowed_actions"] == ["suspend", "confirm", "revert", "terminate", "merge"]
    assert changed["status_reason"].endswith("changed by mallory: to be confirmed by another")
    assert changed["unconfirmed"] == {
        "legal_name": "Muster Schrauben GmbH",
        "country": "DE",
        "identifiers": VAT,
        "parent_id": None,
        "changed_by": ["mallory"],
    }
    assert (await desk.event_names(supplier))[-3:] == [
        "SupplierDetailsChanged",
        "SupplierIdentityChanged",
        "SupplierSuspended",
    ]
    refused = await does("mallory", "confirm", supplier)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    confirmed = (await does("carl", "confirm", supplier)).json()
    assert (confirmed["status"], confirmed["unconfirmed"]) == ("approved", None)
    assert confirmed["legal_name"] == changed["legal_name"]
    assert (await desk.event_names(supplier))[-2:] == ["SupplierIdentityConfirmed", "SupplierReinstated"]
    _, reinstated = (await desk.events(supplier))[-1]
    assert reinstated["approvals"] == [{"category": "fasteners", "expires_on": "2027-12-31"}]


@pytest.mark.parametrize(
    "change",
    [
        {"contacts": [{"name": "Erika"}]},
        {"categories": ["fasteners", "bearings", "seals"]},
        {"sites": [{"name": "Wien", "address": "Ring 1", "country": "AT"}]},
        {},
    ],
    ids=["contacts", "categories", "sites", "nothing"],
)
async def test_what_does_not_change_who_it_is_leaves_it_approved(
    desk: Desk, does: Does, change: dict[str, Any]
) -> None:
    supplier = await desk.approved(identifiers=VAT)
    changed = (await does("mallory", "change", supplier, **{"identifiers": VAT} | change)).json()
    assert (changed["status"], changed["unconfirmed"]) == ("approved", None)


@pytest.mark.parametrize("status", ["registered", "submitted", "rejected"])
async def test_before_its_approval_a_supplier_changes_freely(desk: Desk, does: Does, status: str) -> None:
    supplier = await getattr(desk, status)()
    changed = (await does("mallory", "change", supplier, legal_name="Briefkasten Ltd")).json()
    assert (changed["status"], changed["unconfirmed"]) == (status, None)


async def test_refusing_a_change_puts_back_what_was_approved(desk: Desk, does: Does) -> None:
    supplier = await desk.approved(identifiers=VAT)
    await does("mallory", "change", supplier, legal_name="Briefkasten Ltd", identifiers=OTHER_VAT)
    await does("ben", "change", supplier, legal_name="Postfach Ltd", country="CY")
    reverted = await does("carl", "revert", supplier)
    body = reverted.json()
    assert (body["status"], body["unconfirmed"]) == ("approved", None)
    assert (body["legal_name"], body["country"]) == ("Muster Schrauben GmbH", "DE")
    assert body["identifiers"] == VAT
    assert await desk.read(supplier) == body
    assert (await desk.event_names(supplier))[-3:] == [
        "SupplierDetailsChanged",
        "SupplierIdentityReverted",
        "SupplierReinstated",
    ]
    found = await desk.buyer.get("/v1/suppliers", params={"q": "Muster"})
    assert [item["id"] for item in found.json()["items"]] == [supplier["id"]]
    record = (await desk.audit(supplier["id"]))[-1]
    assert (record["action"], record["actor"]) == ("revert", "carl")
    assert record["before"]["legal_name"] == "Postfach Ltd"


async def test_a_number_that_another_took_meanwhile_keeps_a_change_from_being_reverted(
    desk: Desk, does: Does
) -> None:
    supplier = await desk.approved(identifiers=VAT)
    await does("mallory", "change", supplier, identifiers=OTHER_VAT)
    await desk.registered(legal_name="Other", identifiers=VAT)
    refused = await does("carl", "revert", supplier)
    assert (refused.status_code, refused.json()["code"]) == (409, "identifier_taken")
    assert (await desk.read(supplier))["status"] == "unconfirmed"


async def test_who_changed_a_suspended_supplier_does_not_reinstate_it(desk: Desk, does: Does) -> None:
    supplier = await desk.suspended()
    changed = (await does("mallory", "change", supplier, legal_name="Briefkasten Ltd")).json()
    assert (changed["status"], changed["unconfirmed"]["changed_by"]) == ("suspended", ["mallory"])
    assert (await desk.event_names(supplier))[-1] == "SupplierIdentityChanged"
    refused = await does("mallory", "reinstate", supplier)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    reinstated = (await does("carl", "reinstate", supplier)).json()
    assert (reinstated["status"], reinstated["unconfirmed"]) == ("approved", None)
    assert (await desk.event_names(supplier))[-2:] == ["SupplierIdentityConfirmed", "SupplierReinstated"]


async def test_a_way_round_by_a_suspension_leads_nowhere(desk: Desk, does: Does) -> None:
    supplier = await desk.approved()
    await does("mallory", "change", supplier, legal_name="Briefkasten Ltd")
    assert (await does("mallory", "suspend", supplier)).status_code == 200
    for by, status in (("mallory", 403), ("carl", 200)):
        assert (await does(by, "reinstate", supplier)).status_code == status


async def test_an_import_changes_nothing_of_a_supplier_that_is_approved(desk: Desk, bring: Bring) -> None:
    row = {"external_reference": "V-1", "legal_name": "Muster", "country": "DE"}
    approved = row | {"approved_categories": ["fasteners"], "registered_on": "2019-04-01"}
    [created] = await bring(approved)
    assert created["status"] == "created"
    [other] = await bring(approved | {"legal_name": "Briefkasten Ltd"})
    assert other["code"] == "differs_from_import"
    [found] = (await desk.buyer.get("/v1/suppliers", params={"external_reference": "V-1"})).json()["items"]
    assert (found["legal_name"], found["status"]) == ("Muster", "approved")


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("status = 'approved'", "ck_supplier_approved_as_it_is"),
        ("status = 'approved', approved_identity = NULL", "ck_supplier_changed_is_confirmed"),
        (
            "status = 'approved', approved_identity = NULL, identity_confirmed_by = 'mallory'",
            "ck_supplier_author_does_not_confirm",
        ),
    ],
)
async def test_an_unconfirmed_supplier_cannot_be_approved_around_the_rules(
    desk: Desk, does: Does, statement: str, constraint: str
) -> None:
    supplier = await desk.approved()
    await does("mallory", "change", supplier, legal_name="Briefkasten Ltd")
    async with desk.context.database.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await connection.execute(
                f"UPDATE supplier SET {statement} WHERE id = $1",  # noqa: S608
                supplier["id"],
            )
    assert refused.value.constraint_name == constraint


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(PEOPLE),
            st.sampled_from(("change", "change", "confirm", "revert", "suspend", "reinstate")),
            st.sampled_from(("Muster Schrauben GmbH", "Briefkasten Ltd", "Postfach Ltd")),
        ),
        min_size=3,
        max_size=12,
    )
)
async def test_whatever_people_do_an_approved_supplier_is_who_two_of_them_say_it_is(
    desk: Desk, as_person: AsPerson, does: Does, steps: list[tuple[str, str, str]]
) -> None:
    supplier = await desk.approved()
    portal = as_person("ole", Role.AUDITOR)
    now, vouched, changers = supplier["legal_name"], supplier["legal_name"], set[str]()
    for by, action, name in steps:
        answer = await does(by, action, supplier, legal_name=name)
        if answer.status_code == 200:
            if action == "change" and name != now:
                now = name
                changers |= {by}
            elif action in {"confirm", "reinstate"}:
                assert by not in changers
                vouched, changers = now, set()
            elif action == "revert":
                now, changers = vouched, set()
        elif answer.status_code == 403:
            assert (answer.json()["code"], by in changers) == ("segregation_of_duties", True)
        shown = (await portal.get(f"/v1/suppliers/{supplier['id']}")).json()
        assert shown["legal_name"] == now
        assert set((shown["unconfirmed"] or {"changed_by": []})["changed_by"]) == changers
        assert shown["status"] != "approved" or now == vouched
