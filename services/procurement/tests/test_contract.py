"""What holds for the whole service: closed routes, documented operations."""

import json
import re
from types import ModuleType

import pytest
from pydantic import BaseModel

from procurement.orders import views as order_views
from procurement.orders.api import drafts, imports, moves
from procurement.receipts import api as receipts
from procurement.receipts import views as receipt_views
from procurement.sites import api as sites
from procurement.sites import views as site_views
from procurement.suppliers import views as suppliers
from procurement.worker import CONSUMERS, PUBLISHES
from purveyor.http import routes

from .conftest import World


async def test_every_route_is_closed_to_who_does_not_say_who_they_are_and_to_who_may_nothing(
    world: World,
) -> None:
    nobody = world.person("nobody", scopes=[])
    del nobody.headers["Authorization"]
    powerless = world.person("powerless", scopes=["openid"])
    closed = [route for route in routes.routes_of(world.app) if routes.demands(route)]
    assert len(closed) > 18
    for route in closed:
        path = re.sub(r"\{\w+\}", "0199c0de-0000-7000-8000-000000000001", route.path or "")
        for method in (route.methods or set()) - {"HEAD"}:
            assert (await nobody.request(method, path)).status_code == 401, path
            assert (await powerless.request(method, path)).status_code == 403, path


def test_the_names_of_consumers_and_topics_are_those_of_the_contract() -> None:
    assert [(consumer.name, consumer.topic) for consumer in CONSUMERS] == [
        ("procurement.suppliers", "sourcing.suppliers")
    ]
    assert {event.topic for event in PUBLISHES} == {"procurement.orders"}


@pytest.mark.parametrize(
    "module", [order_views, drafts, imports, moves, receipt_views, receipts, suppliers, sites, site_views]
)
def test_every_example_is_one(module: ModuleType) -> None:
    models = [
        model
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, BaseModel) and model.__module__ == module.__name__
    ]
    assert models
    for model in models:
        for example in model.model_json_schema().get("examples", ()):
            model.model_validate_json(json.dumps(example))


@pytest.mark.parametrize("path", ["/v1/purchase-orders", "/v1/goods-receipts", "/v1/suppliers", "/v1/sites"])
async def test_a_page_is_never_longer_than_two_hundred(world: World, path: str) -> None:
    assert (await world.bea.get(path, params={"limit": 201})).status_code == 422
    assert (await world.bea.get(path, params={"cursor": "made-up"})).status_code == 422
