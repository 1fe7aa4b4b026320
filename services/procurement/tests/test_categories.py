"""The copy of sourcing's tree: in whatever order it is told, and what orders make of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from purveyor_contract.events.sourcing.categories import (
    CategoryDefined,
    CategoryMoved,
    CategoryName,
    CategoryRestated,
    CategoryRetired,
)

from .conftest import World, line

SPACE = UUID("0199c0de-0000-7000-8000-000000000001")


def defined(code: str, parent: str | None, **said: Any) -> CategoryDefined:
    names = (CategoryName(language="en", name=code),)
    return CategoryDefined(
        category_id=uuid5(SPACE, code), code=code, names=names, parent=parent, defined_by="carla", **said
    )


def moved(code: str, before: str | None, parent: str | None) -> CategoryMoved:
    return CategoryMoved(
        category_id=uuid5(SPACE, code), code=code, parent=parent, former_parent=before, moved_by="carla"
    )


async def ancestors(world: World, code: str) -> list[str]:
    shown: list[str] = (await world.bea.get(f"/v1/categories/{code}")).json()["ancestors"]
    return shown


async def test_an_approval_covers_what_sourcing_says_lies_in_its_category_and_a_move_counts_at_once(
    world: World,
) -> None:
    supplier_id = await world.supplier(["metals"])
    before = await world.brought_to(
        await world.order(supplier_id, line(category="bolts"), line(category="metals")), "approved"
    )
    refused = await world.act(world.bea, before, "issue")
    assert refused.json()["errors"] == [
        {"pointer": "/lines/0/category", "detail": "the supplier is not approved for bolts"}
    ]
    await world.hears(defined("bolts", "fasteners"))
    still = (await world.act(world.bea, before, "issue")).json()["errors"][0]["detail"]
    assert still == "the supplier is not approved for bolts, nor for fasteners"
    await world.hears(defined("fasteners", "metals"))
    issued = await world.act(world.bea, before, "issue")
    assert issued.status_code == 200

    after = await world.brought_to(await world.order(supplier_id, line(category="bolts")), "approved")
    await world.hears(moved("fasteners", "metals", "plastics"))
    assert (await world.act(world.bea, after, "issue")).json()["code"] == "supplier_not_approved"
    order = (await world.bea.get(f"/v1/purchase-orders/{before['id']}")).json()
    assert order["status"] == "issued", "what was judged before stays"


async def test_the_tree_is_the_same_in_whatever_order_its_streams_come(world: World) -> None:
    streams: dict[str, list[CategoryDefined | CategoryMoved]] = {
        "ores": [defined("ores", None)],
        "alloys": [defined("alloys", "ores"), moved("alloys", "ores", "wares")],
        "wares": [defined("wares", "alloys"), moved("wares", "alloys", None)],
        "pins": [defined("pins", "alloys"), defined("pins", "alloys", cpv="44531400-5")],
    }
    for code in ("pins", "wares", "alloys", "pins", "ores", "alloys", "wares"):
        await world.hears(streams[code].pop(0))
    assert await ancestors(world, "pins") == ["alloys", "wares"]
    assert await ancestors(world, "alloys") == ["wares"]
    assert await ancestors(world, "wares") == await ancestors(world, "ores") == []
    listed = (await world.bea.get("/v1/categories", params={"lies_in": "wares"})).json()["items"]
    assert [(one["code"], one["cpv"]) for one in listed] == [("alloys", None), ("pins", "44531400-5")]


async def test_what_is_retired_says_so_and_what_was_lost_is_forgotten(world: World) -> None:
    for code, parent in (("cables", None), ("wires", "cables"), ("leads", "wires")):
        await world.hears(defined(code, parent))
    await world.hears(
        CategoryRetired(
            category_id=uuid5(SPACE, "leads"),
            code="leads",
            retired_on=date(2026, 3, 1),
            reason="not bought any more",
            retired_by="carla",
        )
    )
    assert (await world.bea.get("/v1/categories/leads")).json()["retired_on"] == "2026-03-01"
    lost = CategoryRestated(category_id=uuid5(SPACE, "wires"), reason="restored", part=1, parts=1, events=())
    await world.hears(lost)
    gone = await world.bea.get("/v1/categories/wires")
    assert (gone.status_code, gone.json()["code"]) == (404, "category_not_found")
    assert await ancestors(world, "leads") == ["wires"]
    await world.hears(defined("wires", "cables"))
    assert await ancestors(world, "leads") == ["wires", "cables"]
