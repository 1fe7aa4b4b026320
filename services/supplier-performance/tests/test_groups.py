"""Figures of groups of companies: what belongs to one head counts together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from purveyor.db import new_id
from purveyor_contract.events.sourcing.groups import SupplierGroupChanged

from .test_merged_suppliers import merged
from .world import TODAY, World

FIGURES, EVIDENCE = "/v1/kpis/on-time/figures", "/v1/kpis/on-time/evidence"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class Companies:
    """A head nobody buys from, a daughter, hers, one that was merged into that one, and a stranger."""

    def __init__(self, world: World, api: httpx.AsyncClient) -> None:
        self.world, self.api = world, api

    async def begin(self) -> None:
        names = ("Head AG", "Daughter GmbH", "Granddaughter GmbH", "Old GmbH", "Stranger GmbH")
        found = [await self.world.supplier(name) for name in names]
        self.head, self.daughter, self.granddaughter, self.old, self.stranger = found
        days_late = {self.daughter: 0, self.granddaughter: 9, self.old: 0, self.stranger: 9}
        for supplier, late in days_late.items():
            order = await self.world.order(supplier, ago(20))
            await self.world.receive(order, ago(20 - late))
        await self.belongs(self.granddaughter, self.daughter)
        await self.belongs(self.daughter, self.head)
        await self.world.say_of_supplier(merged(self.old, self.granddaughter))
        await self.world.keep_facts()

    async def belongs(self, supplier: UUID, to: UUID | None) -> None:
        event = SupplierGroupChanged(
            supplier_id=supplier, parent_id=to, share=None, source=None, changed_by="cara"
        )
        await self.world.say_of_supplier(event)

    async def by_group(self, **params: Any) -> dict[str, tuple[str, str]]:
        """Return the figures of groups: above and below, by their heads."""
        shown = await self.api.get(FIGURES, params={"by": "group"} | params)
        assert shown.status_code == 200, shown.text
        return {one["key"]: (one["numerator"], one["denominator"]) for one in shown.json()["items"]}


@pytest.fixture
async def companies(world: World, api: httpx.AsyncClient) -> Companies:
    found = Companies(world, api)
    await found.begin()
    return found


async def test_what_belongs_to_one_head_counts_together_also_what_was_merged(companies: Companies) -> None:
    alone = {str(companies.stranger): ("0", "1")}
    assert await companies.by_group() == {str(companies.head): ("2", "3")} | alone
    shown = (await companies.api.get(FIGURES, params={"by": "group"})).json()["items"]
    [group] = [one for one in shown if one["key"] == str(companies.head)]
    assert (group["supplier"]["name"], group["peers"]["suppliers"]) == ("Head AG", 2)
    assert await companies.by_group(supplier_id=str(companies.old)) == {str(companies.head): ("1", "1")}

    await companies.belongs(companies.daughter, None)
    await companies.world.keep_facts()

    assert await companies.by_group() == {str(companies.daughter): ("2", "3")} | alone


async def test_a_groups_figure_is_that_of_its_evidence_whichever_member_is_asked_for(
    companies: Companies,
) -> None:
    for member in (companies.head, companies.granddaughter):
        params = {"group_id": str(member)}
        facts = (await companies.api.get(EVIDENCE, params=params)).json()["items"]
        assert sum(int(fact["numerator"] or 0) for fact in facts) == 2
        assert {fact["columns"]["supplier_id"] for fact in facts} == {
            str(companies.daughter),
            str(companies.granddaughter),
        }
        assert await companies.by_group(**params) == {str(companies.head): ("2", "3")}
    months = (await companies.api.get(FIGURES, params=params | {"by": "month"})).json()["items"]
    assert [(one["numerator"], one["denominator"]) for one in months] == [("2", "3")]


async def test_a_parent_that_nobody_knows_is_a_head_and_circles_of_old_end(companies: Companies) -> None:
    unknown = new_id()
    await companies.belongs(companies.stranger, unknown)
    await companies.belongs(companies.head, companies.granddaughter)
    await companies.world.keep_facts()
    found = await companies.by_group()
    assert found[str(unknown)] == ("0", "1")
    assert sum(int(below) for _, below in found.values()) == 4


async def test_groups_are_asked_for_alone_and_shown_to_no_supplier(
    companies: Companies, as_supplier: Callable[[UUID], dict[str, str]]
) -> None:
    own = as_supplier(companies.daughter)
    of_head = {"group_id": str(companies.head)}
    for params, headers, pointer in (
        ({"by": "group"}, own, "/query/by"),
        (of_head, own, "/query/group_id"),
        (of_head | {"supplier_id": str(companies.daughter)}, {}, "/query/group_id"),
    ):
        refused = await companies.api.get(FIGURES, params=params, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "group_unfit"), refused.text
        assert [one["pointer"] for one in refused.json()["errors"]] == [pointer]
    missing = await companies.api.get(EVIDENCE, params={"group_id": str(new_id())})
    assert (missing.status_code, missing.json()["code"]) == (404, "supplier_not_found")
