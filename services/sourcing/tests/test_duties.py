"""Nobody decides alone who we buy from: whoever wrote a supplier does not approve what they wrote."""

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
AUTHORING = ("register", "change_details", "submit")


async def registered(as_person: AsPerson, desk: Desk, by: str) -> dict[str, Any]:
    """Register a supplier as somebody who may do everything."""
    made = await as_person(by, Role.BUYER, Role.CATEGORY_MANAGER).post("/v1/suppliers", json=desk.details())
    found: dict[str, Any] = made.json()
    return found


async def authors(desk: Desk, supplier: dict[str, Any]) -> set[str]:
    """Return who wrote a supplier, as its row says."""
    async with desk.context.database.connection() as connection:
        return set(await connection.fetchval("SELECT authors FROM supplier WHERE id = $1", supplier["id"]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    registrar=st.sampled_from(PEOPLE),
    steps=st.lists(
        st.tuples(
            st.sampled_from(PEOPLE),
            st.sampled_from(("change", "submit", "approve", "reject", "suspend", "reinstate")),
            st.sampled_from(("Muster Schrauben GmbH", "Muster Schrauben AG")),
        ),
        min_size=3,
        max_size=12,
    ),
)
async def test_a_suppliers_authors_are_those_whom_the_audit_trail_names_and_none_of_them_ever_approves_it(
    desk: Desk, as_person: AsPerson, does: Does, registrar: str, steps: list[tuple[str, str, str]]
) -> None:
    supplier = await registered(as_person, desk, registrar)
    for by, action, name in steps:
        wrote = await authors(desk, supplier)
        answer = await does(by, action, supplier, legal_name=name)
        trail = await desk.audit(supplier["id"])
        assert await authors(desk, supplier) == {r["actor"] for r in trail if r["action"] in AUTHORING}
        if action == "approve":
            assert answer.status_code != 200 or by not in wrote
            if answer.status_code == 403:
                assert (answer.json()["code"], by in wrote) == ("segregation_of_duties", True)


@pytest.mark.parametrize("part", ["register", "change", "submit"])
async def test_whoever_wrote_a_supplier_does_not_approve_it(
    desk: Desk, as_person: AsPerson, does: Does, part: str
) -> None:
    people = {"register": "bob", "change": "bob", "submit": "bob"} | {part: "mallory"}
    supplier = await registered(as_person, desk, people["register"])
    assert (await does(people["change"], "change", supplier, country="AT")).status_code == 200
    assert (await does(people["submit"], "submit", supplier)).status_code == 200
    refused = await does("mallory", "approve", supplier)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await does("carl", "approve", supplier)).status_code == 200


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("submitted", "reject"),
        ("approved", "suspend"),
        ("approved", "terminate"),
        ("suspended", "reinstate"),
        ("unconfirmed", "confirm"),
        ("unconfirmed", "revert"),
    ],
)
async def test_whoever_acts_for_a_supplier_decides_nothing_about_it(
    desk: Desk, does: Does, status: str, action: str
) -> None:
    supplier = await getattr(desk, "approved" if status == "unconfirmed" else status)()
    if status == "unconfirmed":
        await does("mallory", "change", supplier, legal_name="Briefkasten Ltd")
    await acts_for(desk, supplier, "rita")
    refused = await does("rita", action, supplier)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await does("carl", action, supplier)).status_code == 200


async def test_whoever_acts_for_a_supplier_answers_no_review_of_it(desk: Desk, as_person: AsPerson) -> None:
    supplier = await desk.approved()
    await desk.score(supplier, "31.0", "E", 1)
    await acts_for(desk, supplier, "rita")
    asked = f"/v1/supplier-reviews/{(await desk.review(supplier))['id']}:decide"
    decision, seen = {"decision": "continue", "reason": "All is well"}, {"If-Match": '"1"'}
    refused = await as_person("rita", Role.CATEGORY_MANAGER).post(asked, json=decision, headers=seen)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await desk.manager.post(asked, json=decision, headers=seen)).status_code == 200


async def acts_for(desk: Desk, supplier: dict[str, Any], person: str) -> None:
    """Let it be that somebody has accepted an invitation of a supplier's."""
    async with desk.context.database.connection() as connection:
        statement = "UPDATE supplier SET represented_by = ARRAY[$2] WHERE id = $1"
        await connection.execute(statement, supplier["id"], person)


@pytest.mark.parametrize("standing", ["registered", "submitted", "approved", "rejected", "suspended"])
async def test_a_change_tells_whether_it_changed_who_the_supplier_is_however_it_stands(
    desk: Desk, does: Does, standing: str
) -> None:
    supplier = await getattr(desk, standing)()
    for change in ({"categories": ["fasteners"]}, {"categories": ["fasteners"], "legal_name": "Brief Ltd"}):
        assert (await does("mallory", "change", supplier, **change)).status_code == 200
    told = [event for name, event in await desk.events(supplier) if name == "SupplierDetailsChanged"]
    assert [(event["changed_by"], event["identity_changed"]) for event in told] == [
        ("mallory", False),
        ("mallory", True),
    ]


async def test_whoever_reverts_a_supplier_to_what_was_approved_has_not_changed_who_it_is(
    desk: Desk, does: Does
) -> None:
    supplier = await desk.approved()
    assert (await does("mallory", "change", supplier, legal_name="Brief Ltd")).status_code == 200
    assert (await does("carl", "revert", supplier)).status_code == 200
    told = [event for name, event in await desk.events(supplier) if name == "SupplierDetailsChanged"]
    assert [event["identity_changed"] for event in told] == [True, False]


async def test_who_proposes_a_suppliers_import_does_not_approve_it_whoever_sends_it(
    desk: Desk, does: Does, bring: Bring
) -> None:
    (result,) = await bring({"external_reference": "V-1", "legal_name": "Pat & Sons", "country": "DE"})
    supplier = {"id": result["id"]}
    await bring({"external_reference": "V-2", "legal_name": "Another", "country": "DE"})
    assert (await does("bob", "change", supplier)).status_code == 200
    assert (await does("bob", "submit", supplier)).status_code == 200
    refused = await does("mika", "approve", supplier)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await does("carl", "approve", supplier)).status_code == 200
    _, told = (await desk.events(supplier))[0]
    assert (told["registered_by"], told["authors"], told["imported"]) == ("ada", ["mika", "ada"], True)
    _, told = (await desk.events(await desk.registered(external_reference="V-3")))[0]
    assert (told["authors"], told["imported"]) == (["bob"], False)


async def test_saying_again_what_a_supplier_is_makes_nobody_an_author(desk: Desk, does: Does) -> None:
    supplier = await desk.submitted()
    assert (await does("carl", "change", supplier)).status_code == 200
    assert await authors(desk, supplier) == {"bob"}
    assert (await does("carl", "approve", supplier)).status_code == 200


async def test_an_approval_keeps_who_wrote_what_it_approved(desk: Desk, does: Does) -> None:
    supplier = await desk.registered()
    for by, action in (("ann", "change"), ("ben", "submit"), ("cleo", "approve")):
        assert (await does(by, action, supplier, country="AT")).status_code == 200
    async with desk.context.database.connection() as connection:
        kept = await connection.fetch(
            "SELECT approved_by, authors FROM category_approval WHERE supplier_id = $1", supplier["id"]
        )
    assert [tuple(row) for row in kept] == [("cleo", ["bob", "ann", "ben"])]


async def test_the_database_itself_keeps_authors_and_approvers_apart(desk: Desk) -> None:
    supplier = await desk.approved()
    async with desk.context.database.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await connection.execute(
                "UPDATE category_approval SET approved_by = 'carl', authors = '{bob,carl}' "
                "WHERE supplier_id = $1",
                supplier["id"],
            )
    assert refused.value.constraint_name == "ck_category_approval_author_does_not_approve"
