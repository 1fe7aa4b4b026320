"""What holds for the whole service: closed routes, documented operations."""

import pytest

from procurement.worker import CONSUMERS, PUBLISHES
from purveyor.testing.contract import CONTRACT, Check

from .conftest import World


@pytest.mark.parametrize("kept", CONTRACT)
async def test_the_contract_of_every_api_is_kept(world: World, kept: Check) -> None:
    await kept(world.app, world.issuer)


def test_the_names_of_consumers_and_topics_are_those_of_the_contract() -> None:
    assert [(consumer.name, consumer.topic) for consumer in CONSUMERS] == [
        ("procurement.suppliers", "sourcing.suppliers"),
        ("procurement.categories", "sourcing.categories"),
        ("procurement.bank-accounts", "sourcing.bank-accounts"),
        ("procurement.contracts", "sourcing.contracts"),
        ("procurement.grades", "performance.suppliers"),
    ]
    assert {event.topic for event in PUBLISHES} == {
        "procurement.orders",
        "procurement.items",
        "procurement.blanket-orders",
        "procurement.requisitions",
        "procurement.invoices",
        "procurement.approvals",
        "procurement.budgets",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/v1/purchase-orders",
        "/v1/shipments",
        "/v1/goods-receipts",
        "/v1/suppliers",
        "/v1/sites",
        "/v1/items",
        "/v1/business-units",
        "/v1/cost-centres",
        "/v1/projects",
        "/v1/payment-terms",
        "/v1/tax-codes",
        "/v1/exchange-rates",
        "/v1/documents",
        "/v1/invoices",
        "/v1/people",
        "/v1/approvals",
        "/v1/approval-delegations",
        "/v1/invoice-exceptions",
        "/v1/requisitions",
        "/v1/budgets",
    ],
)
async def test_a_page_is_never_longer_than_two_hundred(world: World, path: str) -> None:
    assert (await world.bea.get(path, params={"limit": 201})).status_code == 422
    assert (await world.bea.get(path, params={"cursor": "made-up"})).status_code == 422
