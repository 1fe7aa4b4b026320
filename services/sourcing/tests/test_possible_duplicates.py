"""Suppliers whose names look like one are shown to each other's readers, and nothing is forbidden."""
# ruff: noqa: RUF001  # look-alikes are what this is about

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.suppliers.commands import index_anew

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Bring, Desk

Json = dict[str, Any]


async def duplicates(desk: Desk, supplier: Json) -> list[tuple[str, str]]:
    shown = await desk.read(supplier)
    return [(other["legal_name"], other["reason"]) for other in shown["possible_duplicates"]]


async def test_a_supplier_that_looks_like_another_is_registered_and_flagged(desk: Desk) -> None:
    alpha = await desk.registered(legal_name="Alpha GmbH")
    assert alpha["possible_duplicates"] == []
    twin = await desk.registered(legal_name="Аlpha GmbH")
    assert [(one["id"], one["reason"]) for one in twin["possible_duplicates"]] == [
        (alpha["id"], "looks_alike")
    ]
    assert await duplicates(desk, alpha) == [("Аlpha GmbH", "looks_alike")]


async def test_a_changed_name_is_compared_anew(desk: Desk) -> None:
    await desk.registered(legal_name="Северсталь")
    other = await desk.registered(legal_name="Beta")
    changed = (await desk.change(other, legal_name="СЕВЕРСТАЛЬ")).json()
    assert [one["reason"] for one in changed["possible_duplicates"]] == ["same_name"]
    await desk.change(other, legal_name="Gamma")
    assert await duplicates(desk, other) == []


async def test_an_imported_supplier_is_flagged(desk: Desk, bring: Bring) -> None:
    await desk.registered(legal_name="Nokia Oyj")
    row = {"external_reference": "V-1", "legal_name": "NOKIA, Oyj"}
    [imported] = await bring(row)
    assert await duplicates(desk, imported) == [("Nokia Oyj", "same_name")]


async def test_what_was_indexed_in_an_older_form_is_indexed_anew_and_found(desk: Desk) -> None:
    lodz = await desk.registered(legal_name="Łódzkie Zakłady")
    await desk.registered(legal_name="Łódzkie zakłady")
    etag = await desk.etag(lodz)
    database = desk.context.database
    async with database.transaction() as tx:
        await tx.connection.execute(
            "UPDATE supplier SET search_form = 0, search_text = ' łodzkie ', likeness = NULL, name_key = ''"
        )
    async with database.transaction() as tx:
        assert not await index_anew(tx)
    found = (await desk.buyer.get("/v1/suppliers", params={"q": "lodzkie"})).json()
    assert [one["legal_name"] for one in found["items"]] == ["Łódzkie Zakłady", "Łódzkie zakłady"]
    assert await duplicates(desk, lodz) == [("Łódzkie zakłady", "same_name")]
    assert await desk.etag(lodz) == etag
