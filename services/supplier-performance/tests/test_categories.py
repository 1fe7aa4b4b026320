"""Sourcing's tree of categories as supplier performance keeps it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import httpx

from purveyor_contract.events.sourcing.categories import (
    CategoryDefined,
    CategoryEvent,
    CategoryMoved,
    CategoryName,
    CategoryRestated,
    CategoryRetired,
)
from supplier_performance.categories.consumers import CATEGORIES

from .world import World

FASTENERS = UUID("0199c0de-0000-7000-8000-000000000001")
BOLTS = UUID("0199c0de-0000-7000-8000-000000000002")


def defined(category_id: UUID, code: str, parent: str | None) -> CategoryDefined:
    names = (CategoryName(language="en", name=code.title()),)
    return CategoryDefined(category_id=category_id, code=code, names=names, parent=parent, defined_by="carla")


async def test_the_tree_is_kept_as_it_is_told(world: World, api: httpx.AsyncClient) -> None:
    numbers = {FASTENERS: 0, BOLTS: 0}

    async def hear(event: CategoryEvent | CategoryRestated) -> None:
        numbers[event.category_id] += 1
        await world.deliver(CATEGORIES, world.envelope(event, numbers[event.category_id]))

    async def shown(code: str) -> httpx.Response:
        return await api.get(f"/v1/categories/{code}")

    await hear(defined(BOLTS, "bolts", "fasteners"))
    await hear(defined(FASTENERS, "fasteners", "metals"))
    assert (await shown("bolts")).json()["ancestors"] == ["fasteners", "metals"]
    said = {"category_id": FASTENERS, "code": "fasteners"}
    await hear(CategoryMoved(**said, parent=None, former_parent="metals", moved_by="carla"))
    await hear(CategoryRetired(**said, retired_on=date(2026, 6, 1), reason="old", retired_by="carla"))
    listed = (await api.get("/v1/categories", params={"lies_in": "fasteners"})).json()["items"]
    assert [(one["code"], one["ancestors"]) for one in listed] == [("bolts", ["fasteners"])]
    assert (await shown("fasteners")).json()["retired_on"] == "2026-06-01"
    await hear(CategoryRestated(category_id=FASTENERS, reason="restored", part=1, parts=1, events=()))
    assert (await shown("fasteners")).status_code == 404
    assert (await shown("bolts")).json()["ancestors"] == ["fasteners"]
