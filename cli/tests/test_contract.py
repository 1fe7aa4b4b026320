"""The committed contract is the one that the code speaks, and each way of breaking it is told."""

from __future__ import annotations

import ast
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import jsonschema
import pytest
import yaml
from httpx import ASGITransport, AsyncClient

from purveyor.service import ServiceContext
from purveyor_cli.contract import CONTRACT
from purveyor_cli.services import SERVICES, Service
from purveyor_contract.checker import Contract, unknown_subscriptions, unpublished
from purveyor_contract.schemas import published_events
from purveyor_messaging.consumer import Consumer, on
from purveyor_messaging.envelope import DEFAULT_SCHEMAS, Envelope, Event, Restated, dataschema

ROOT = Path(__file__).parents[2]
SOURCES = {
    service: ROOT / "services" / service / "src" / service.replace("-", "_") for service in CONTRACT.publishes
}


class LunchServed(Event):
    """An event that is not of the contract."""

    service: ClassVar[str] = "procurement"
    topic: ClassVar[str] = "procurement.orders"
    key_field: ClassVar[str] = "order_id"

    order_id: UUID


async def on_lunch(_tx: object, _event: LunchServed, _envelope: Envelope) -> None:
    """Do nothing."""


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """A released copy of the contract."""
    copy = replace(
        CONTRACT,
        directory=tmp_path / "schemas",
        page=tmp_path / "catalogue.html",
        document=tmp_path / "asyncapi.yaml",
    )
    shutil.copytree(CONTRACT.directory, copy.directory)
    copy.write()
    copy.release()
    return copy


def change(path: Path, **fields: Any) -> None:
    schema = json.loads(path.read_text())
    path.write_text(json.dumps(schema | fields))


def test_the_committed_contract_has_no_fault() -> None:
    assert CONTRACT.faults() == []


def test_drift_is_told_for_a_file_that_is_changed_missing_or_left_over(contract: Contract) -> None:
    assert contract.drift() == []
    change(contract.directory / "purveyor.procurement.POIssued.v1.json", title="Something else")
    (contract.directory / "examples/purveyor.procurement.POClosed.v1.json").unlink()
    (contract.directory / "purveyor.procurement.LunchServed.v1.json").write_text("{}")
    assert contract.drift() == [
        "examples/purveyor.procurement.POClosed.v1.json is missing: run `make schemas`",
        "purveyor.procurement.LunchServed.v1.json is out of date: run `make schemas`",
        "purveyor.procurement.POIssued.v1.json is out of date: run `make schemas`",
    ]
    contract.write()
    assert contract.drift() == []


def test_a_released_event_that_is_gone_or_changed_is_told(contract: Contract) -> None:
    assert contract.broken_promises() == []
    closed = contract.directory / "released/purveyor.procurement.POClosed.v1.json"
    shutil.copyfile(closed, closed.with_name("purveyor.procurement.LunchServed.v1.json"))
    properties = json.loads(closed.read_text())["properties"]
    change(closed, properties=properties | {"closed_by": {"type": "string"}})
    assert contract.broken_promises() == [
        "purveyor.procurement.LunchServed.v1 was released and is gone",
        "purveyor.procurement.POClosed.v1/closed_by was removed",
    ]


def test_an_event_that_nobody_publishes_is_told() -> None:
    assert unpublished([*published_events(), LunchServed], CONTRACT.publishes) == [
        "purveyor.procurement.LunchServed.v1 is published by nobody, not by procurement"
    ]


def test_an_event_published_by_another_service_is_told() -> None:
    publishes: dict[str, tuple[type[Event], ...]] = {"procurement": (), "sourcing": (LunchServed,)}
    assert unpublished([LunchServed], publishes) == [
        "purveyor.procurement.LunchServed.v1 is published by sourcing, not by procurement"
    ]


def test_a_subscription_to_an_unknown_event_is_told() -> None:
    consumer = Consumer("sourcing.lunch", "procurement.orders", (on(LunchServed, on_lunch),))
    assert unknown_subscriptions(published_events(), {"sourcing": (consumer,)}) == [
        "sourcing.lunch listens on procurement.orders to purveyor.procurement.LunchServed.v1, "
        "which is not there"
    ]


def test_a_subscription_on_the_wrong_topic_is_told() -> None:
    right = next(consumer for consumers in CONTRACT.consumers.values() for consumer in consumers)
    wrong = replace(right, topic="procurement.lunch")
    assert len(unknown_subscriptions(published_events(), {"sourcing": (wrong,)})) == len(right.subscriptions)


def made_in(source: str) -> set[str]:
    """Return what a source calls, or hands on to be called: by keyword, from a table, as its answer."""
    made: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=called, attr="model_validate")) | ast.Call(func=called):
                made += [called, *(keyword.value for keyword in node.keywords)]
            case ast.Dict(values=values):
                made += values
            case ast.Return(value=ast.Tuple(elts=values)):
                made += values
    names = {one.id for one in made if isinstance(one, ast.Name)}
    return names | {one.attr for one in made if isinstance(one, ast.Attribute)}


@pytest.mark.parametrize(
    ("service", "event"),
    [
        (service, event)
        for service, events in CONTRACT.publishes.items()
        for event in events
        if not issubclass(event, Restated)
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_what_a_service_says_it_publishes_it_makes_somewhere(service: str, event: type[Event]) -> None:
    sources = (path.read_text() for path in SOURCES[service].rglob("*.py") if path.name != "worker.py")
    assert any(event.__name__ in source and event.__name__ in made_in(source) for source in sources)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_topic_of_a_service_can_be_told_again(service: Service) -> None:
    code = service.code()
    retold = {retelling.event.topic: retelling.event for retelling in code.retells}
    assert set(retold) == {event.topic for event in code.publishes}
    assert set(retold.values()) == {event for event in code.publishes if issubclass(event, Restated)}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_consumer_takes_a_stream_that_is_told_again(service: Service) -> None:
    for consumer in service.code().consumers:
        retold = [one.event for one in consumer.subscriptions if issubclass(one.event, Restated)]
        assert [event.topic for event in retold] == [consumer.topic]


@pytest.mark.parametrize("event", published_events(), ids=lambda event: event.__name__)
def test_an_example_is_valid_by_its_schema(event: type[Event]) -> None:
    schema = json.loads((CONTRACT.directory / f"{event.type_name()}.json").read_text())
    example = json.loads((CONTRACT.directory / "examples" / f"{event.type_name()}.json").read_text())
    jsonschema.validate(example, schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_every_service_answers_the_schemas_that_events_name(
    service: Service,
) -> None:
    settings = service.settings(
        database_url="postgresql://nobody@localhost:1/nothing", oidc_issuer="https://issuer.example"
    )
    app = service.create_app(ServiceContext.create(service.name, settings))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        for event in published_events():
            answer = await client.get(f"/schemas/{event.type_name()}")
            schema = answer.json()
            assert answer.headers["content-type"] == "application/schema+json"
            assert schema["$id"] == dataschema(event.type_name(), DEFAULT_SCHEMAS)
            jsonschema.Draft202012Validator.check_schema(schema)
        unknown = await client.get("/schemas/purveyor.sourcing.LunchServed.v1")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "event_type_not_found")
        page = await client.get("/events")
        document = await client.get("/asyncapi.yaml")
    assert (document.headers["content-type"], document.text) == (
        "application/yaml",
        CONTRACT.document.read_text(),
    )
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert all(f'id="{event.type_name()}"' in page.text for event in published_events())


def test_the_catalogue_names_who_listens() -> None:
    page = CONTRACT.page.read_text()
    for consumers in CONTRACT.consumers.values():
        for consumer in consumers:
            assert page.count(consumer.name) >= len(consumer.subscriptions)


def test_asyncapi_refers_to_what_it_has() -> None:
    document = yaml.safe_load(CONTRACT.document.read_text())

    def resolve(reference: str) -> Any:
        if not reference.startswith("#/"):
            event_type = reference.removeprefix("./schemas/")  # as every service answers it
            return json.loads((CONTRACT.directory / f"{event_type}.json").read_text())
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    references = re.findall(r"\$ref: '?([^'\n]+)", CONTRACT.document.read_text())
    assert references
    assert all(resolve(reference) for reference in references)
    receives = [
        name for name, operation in document["operations"].items() if operation["action"] == "receive"
    ]
    assert len(receives) == sum(map(len, CONTRACT.consumers.values()))
