"""Names that resemble another's are found beside the service, and settled by somebody who wrote neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from purveyor_contract.roles import Role
from sourcing.duplicates.commands import compare_changed

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

Json = dict[str, Any]


@pytest.fixture
def mia(as_person: AsPerson) -> httpx.AsyncClient:
    return as_person("mia", Role.CATEGORY_MANAGER)


async def compare(desk: Desk) -> None:
    """Let the worker compare who changed, until nobody is left."""
    more = True
    while more:
        async with desk.context.database.transaction() as tx:
            more = await compare_changed(tx)


async def pairs(desk: Desk, **asked: str) -> list[Json]:
    listed = await desk.manager.get("/v1/possible-duplicates", params=asked)
    assert listed.status_code == 200, listed.text
    found: list[Json] = listed.json()["items"]
    return found


async def test_names_that_resemble_each_other_are_flagged_with_the_reason(
    desk: Desk, mia: httpx.AsyncClient
) -> None:
    names = {
        "Hinterhuber Pumpen GmbH": "other_legal_form",
        "Pumpen Hinterhuber AG": "other_order",
        "Hinterhuber Pumpem AG": "spelt_alike",
    }
    first = await desk.registered(legal_name="Hinterhuber Pumpen AG")
    others = {name: await desk.registered(legal_name=name) for name in names}
    await desk.registered(legal_name="Hinterhuber Pumpen AG", country="AT")
    await desk.registered(legal_name="Hinterhuber Ventile AG")
    await desk.registered(legal_name="Hinterhuber Pumpen Werk 2 AG")
    await compare(desk)
    found = await pairs(desk, supplier_id=first["id"], status="open")
    assert {
        next(one["legal_name"] for one in pair["suppliers"] if one["id"] != first["id"]): pair["resemblance"]
        for pair in found
    } == names
    shown = (await desk.read(first))["possible_duplicates"]
    assert {(one["legal_name"], one["reason"]) for one in shown} == {
        *names.items(),
        ("Hinterhuber Pumpen AG", "same_name"),
    }

    twin = others["Hinterhuber Pumpen GmbH"]
    [pair] = [one for one in found if one["resemblance"] == "other_legal_form"]
    path = f"/v1/possible-duplicates/{pair['id']}"
    headers = {"If-Match": (await mia.get(path)).headers["etag"]}
    why = {"reason": "two sisters"}
    assert (await desk.manager.post(f"{path}:dismiss", json=why)).status_code == 428
    dismissed = await mia.post(f"{path}:dismiss", json=why, headers=headers)
    assert (dismissed.status_code, dismissed.json()["status"]) == (200, "different")
    assert twin["id"] not in {one["id"] for one in (await desk.read(first))["possible_duplicates"]}

    merged = await mia.post(
        f"/v1/suppliers/{others['Pumpen Hinterhuber AG']['id']}:merge",
        json={"into": first["id"], "reason": "entered twice"},
        headers={"If-Match": await desk.etag(others["Pumpen Hinterhuber AG"])},
    )
    assert merged.status_code == 200, merged.text
    await compare(desk)
    settled = await pairs(desk, supplier_id=first["id"])
    assert {(one["resemblance"], one["status"]) for one in settled} == {
        ("other_legal_form", "different"),
        ("other_order", "same"),
        ("spelt_alike", "open"),
    }


async def test_what_was_settled_holds_for_these_names_and_no_author_settles_it(
    desk: Desk, mia: httpx.AsyncClient, as_person: AsPerson
) -> None:
    one = await desk.registered(legal_name="Kestrel Gears Ltd", country="GB")
    other = await desk.registered(legal_name="Kestrel Gears plc", country="GB")
    await compare(desk)
    [pair] = await pairs(desk, supplier_id=one["id"])
    path, why = f"/v1/possible-duplicates/{pair['id']}", {"reason": "two sisters"}
    headers = {"If-Match": (await mia.get(path)).headers["etag"]}
    registrar = as_person("bob", Role.BUYER, Role.CATEGORY_MANAGER)
    refused = await registrar.post(f"{path}:dismiss", json=why, headers=headers)
    assert refused.json()["code"] == "segregation_of_duties"
    dismissed = await mia.post(f"{path}:dismiss", json=why, headers=headers)
    again = await mia.post(f"{path}:dismiss", json=why, headers={"If-Match": dismissed.headers["etag"]})
    assert again.json()["code"] == "wrong_state"

    await desk.change(other, legal_name="Kestrel Gears plc", country="GB", categories=["seals"])
    await compare(desk)
    assert [one["status"] for one in await pairs(desk, supplier_id=one["id"])] == ["different"]
    await desk.change(other, legal_name="Kestrel Gear plc", country="GB")
    await compare(desk)
    assert [one["status"] for one in await pairs(desk, supplier_id=one["id"])] == ["open"]
    await desk.change(other, legal_name="Osprey Bearings plc", country="GB")
    await compare(desk)
    assert await pairs(desk, supplier_id=one["id"]) == []
