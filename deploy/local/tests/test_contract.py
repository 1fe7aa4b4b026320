"""The committed contract is the one that the code speaks, and each way of breaking it is told."""

from __future__ import annotations

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

from purveyor.messaging.consumer import Consumer, on
from purveyor.messaging.envelope import Envelope, Event
from purveyor_local.contract import files
from purveyor_local.contract.schemas import published_events

ROOT = Path(__file__).parents[3]
SOURCES = {
    service: ROOT / "services" / service / "src" / service.replace("-", "_") for service in files.PUBLISHES
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
def contract(tmp_path: Path) -> Path:
    """A released copy of the contract."""
    shutil.copytree(files.DIRECTORY, tmp_path / "schemas")
    files.write(tmp_path / "schemas")
    files.release(tmp_path / "schemas")
    return tmp_path / "schemas"


def change(path: Path, **fields: Any) -> None:
    schema = json.loads(path.read_text())
    path.write_text(json.dumps(schema | fields))


def test_the_committed_contract_has_no_fault() -> None:
    assert files.faults() == []


def test_drift_is_told_for_a_file_that_is_changed_missing_or_left_over(contract: Path) -> None:
    assert files.drift(contract) == []
    change(contract / "purveyor.procurement.POIssued.v1.json", title="Something else")
    (contract / "examples/purveyor.procurement.POClosed.v1.json").unlink()
    (contract / "purveyor.procurement.LunchServed.v1.json").write_text("{}")
    assert files.drift(contract) == [
        "examples/purveyor.procurement.POClosed.v1.json is missing: run `make schemas`",
        "purveyor.procurement.LunchServed.v1.json is out of date: run `make schemas`",
        "purveyor.procurement.POIssued.v1.json is out of date: run `make schemas`",
    ]
    files.write(contract)
    assert files.drift(contract) == []


def test_a_released_event_that_is_gone_or_changed_is_told(contract: Path) -> None:
    assert files.broken_promises(contract) == []
    closed = contract / "released/purveyor.procurement.POClosed.v1.json"
    shutil.copyfile(closed, closed.with_name("purveyor.procurement.LunchServed.v1.json"))
    properties = json.loads(closed.read_text())["properties"]
    change(closed, properties=properties | {"closed_by": {"type": "string"}})
    assert files.broken_promises(contract) == [
        "purveyor.procurement.LunchServed.v1 was released and is gone",
        "purveyor.procurement.POClosed.v1/closed_by was removed",
    ]


def test_an_event_that_nobody_publishes_is_told() -> None:
    assert files.unpublished([*published_events(), LunchServed]) == [
        "purveyor.procurement.LunchServed.v1 is published by nobody, not by procurement"
    ]


def test_an_event_published_by_another_service_is_told() -> None:
    publishes: dict[str, tuple[type[Event], ...]] = {"procurement": (), "sourcing": (LunchServed,)}
    assert files.unpublished([LunchServed], publishes) == [
        "purveyor.procurement.LunchServed.v1 is published by sourcing, not by procurement"
    ]


def test_a_subscription_to_an_unknown_event_is_told() -> None:
    consumer = Consumer("sourcing.lunch", "procurement.orders", (on(LunchServed, on_lunch),))
    assert files.unknown_subscriptions(published_events(), {"sourcing": (consumer,)}) == [
        "sourcing.lunch listens on procurement.orders to purveyor.procurement.LunchServed.v1, "
        "which is not there"
    ]


def test_a_subscription_on_the_wrong_topic_is_told() -> None:
    right = next(consumer for consumers in files.CONSUMERS.values() for consumer in consumers)
    wrong = replace(right, topic="procurement.lunch")
    assert len(files.unknown_subscriptions(published_events(), {"sourcing": (wrong,)})) == len(
        right.subscriptions
    )


@pytest.mark.parametrize(
    ("service", "event"),
    [(service, event) for service, events in files.PUBLISHES.items() for event in events],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_what_a_service_says_it_publishes_it_makes_somewhere(service: str, event: type[Event]) -> None:
    sources = (path for path in SOURCES[service].rglob("*.py") if path.name != "worker.py")
    assert any(re.search(rf"\b{event.__name__}\(", path.read_text()) for path in sources)


@pytest.mark.parametrize("event", published_events(), ids=lambda event: event.__name__)
def test_an_example_is_valid_by_its_schema(event: type[Event]) -> None:
    schema = json.loads((files.DIRECTORY / f"{event.type_name()}.json").read_text())
    example = json.loads((files.DIRECTORY / "examples" / f"{event.type_name()}.json").read_text())
    jsonschema.validate(example, schema, jsonschema.Draft202012Validator)


def test_asyncapi_refers_to_what_it_has() -> None:
    document = yaml.safe_load((files.DIRECTORY / "asyncapi.yaml").read_text())

    def resolve(reference: str) -> Any:
        if not reference.startswith("#/"):
            return json.loads((files.DIRECTORY / reference).read_text())
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    references = re.findall(r"\$ref: '?([^'\n]+)", (files.DIRECTORY / "asyncapi.yaml").read_text())
    assert references
    assert all(resolve(reference) for reference in references)
    receives = [
        name for name, operation in document["operations"].items() if operation["action"] == "receive"
    ]
    assert len(receives) == sum(map(len, files.CONSUMERS.values()))
