"""Segregation of duties holds in the database itself: whoever goes around the rules meets a constraint."""

from uuid import UUID

import asyncpg
import pytest

from .conftest import World, arrived

MOVES = {
    "ck_purchase_order_creator_does_not_approve": """
        UPDATE purchase_order
        SET status = 'approved', approved_by = created_by, supplier_onboarded_by = 'sam', authors = '{}'
        WHERE id = $1""",
    "ck_purchase_order_author_does_not_approve": """
        UPDATE purchase_order SET status = 'approved', approved_by = 'bea', supplier_onboarded_by = 'sam',
          authors = '{robin,bea}'
        WHERE id = $1""",
    "ck_purchase_order_supplier_does_not_approve": """
        UPDATE purchase_order SET status = 'approved', approved_by = 'sue', supplier_onboarded_by = 'sam',
          supplier_authors = '{sam,sue}'
        WHERE id = $1""",
    "ck_purchase_order_site_does_not_approve": """
        UPDATE purchase_order SET status = 'approved', approved_by = 'ada', supplier_onboarded_by = 'sam',
          site_authors = '{ada}'
        WHERE id = $1""",
    "ck_purchase_order_onboarder_does_not_approve": """
        UPDATE purchase_order SET status = 'approved', approved_by = 'sam', supplier_onboarded_by = 'sam'
        WHERE id = $1""",
    "ck_purchase_order_issued_after_approval": """
        UPDATE purchase_order SET status = 'issued', issued_by = 'bea' WHERE id = $1""",
    "ck_purchase_order_status": "UPDATE purchase_order SET status = 'lost' WHERE id = $1",
    "ck_purchase_order_flag": "UPDATE purchase_order SET flag_reason = 'x' WHERE id = $1",
    "ck_purchase_order_ordered_on": "UPDATE purchase_order SET ordered_on = NULL WHERE id = $1",
    "ck_purchase_order_imported": "UPDATE purchase_order SET imported = true WHERE id = $1",
}


@pytest.mark.parametrize("constraint", MOVES)
async def test_an_order_cannot_be_moved_around_the_rules(world: World, constraint: str) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "submitted")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await world.value(MOVES[constraint], UUID(order["id"]))
    assert refused.value.constraint_name == constraint


async def test_an_approval_that_does_not_know_who_onboarded_the_supplier_is_refused(world: World) -> None:
    order = await world.brought_to(await world.order(await world.supplier()), "submitted")
    with pytest.raises(asyncpg.CheckViolationError):
        await world.value("UPDATE purchase_order SET approved_by = 'alex' WHERE id = $1", UUID(order["id"]))


@pytest.mark.parametrize(
    ("column", "constraint"),
    [
        ("ordered_by", "ck_goods_receipt_creator_does_not_receive"),
        ("issued_by", "ck_goods_receipt_issuer_does_not_receive"),
        ("'alex'", "ck_goods_receipt_kept_apart_does_not_receive"),
        ("'carla'", "ck_goods_receipt_kept_apart_does_not_receive"),
    ],
)
async def test_goods_cannot_be_received_by_who_ordered_them(
    world: World, column: str, constraint: str
) -> None:
    order = await world.issued()
    receipt = (await world.receive(order, arrived())).json()
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await world.value(
            f"UPDATE goods_receipt SET received_by = {column} WHERE id = $1",  # noqa: S608
            UUID(receipt["id"]),
        )
    assert refused.value.constraint_name == constraint
