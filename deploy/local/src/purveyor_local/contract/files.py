"""The files of the contract under `shared/schemas`: written, compared, frozen at a release."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

import procurement.worker
import purveyor
import sourcing.worker
import supplier_performance.worker
from purveyor.messaging.consumer import Consumer
from purveyor.messaging.envelope import Event
from purveyor_local.contract.asyncapi import asyncapi
from purveyor_local.contract.compatibility import incompatibilities
from purveyor_local.contract.schemas import example_of, published_events, schema_of

DIRECTORY = Path(purveyor.__file__).parents[2] / "schemas"

CONSUMERS: Mapping[str, tuple[Consumer, ...]] = {
    "procurement": procurement.worker.CONSUMERS,
    "sourcing": sourcing.worker.CONSUMERS,
    "supplier-performance": supplier_performance.worker.CONSUMERS,
}
PUBLISHES: Mapping[str, tuple[type[Event], ...]] = {
    "procurement": procurement.worker.PUBLISHES,
    "sourcing": sourcing.worker.PUBLISHES,
    "supplier-performance": supplier_performance.worker.PUBLISHES,
}


def contract_files(
    events: Iterable[type[Event]], consumers: Mapping[str, Iterable[Consumer]] = CONSUMERS
) -> dict[Path, str]:
    """Return every generated file's text by its path below `shared/schemas`."""
    generated: dict[Path, str] = {}
    for event in (events := tuple(events)):
        generated[Path(f"{event.type_name()}.json")] = _json(schema_of(event))
        generated[Path("examples") / f"{event.type_name()}.json"] = _json(example_of(event))
    document = asyncapi(events, consumers)
    generated[Path("asyncapi.yaml")] = yaml.safe_dump(
        document, sort_keys=False, allow_unicode=True, width=110
    )
    return generated


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _written(directory: Path) -> dict[Path, str]:
    paths = (*directory.glob("*.json"), *directory.glob("examples/*.json"), *directory.glob("*.yaml"))
    return {path.relative_to(directory): path.read_text(encoding="utf-8") for path in paths}


def write(directory: Path = DIRECTORY) -> None:
    """Write every file, and remove those of events that are gone."""
    generated = contract_files(published_events())
    for path in _written(directory).keys() - generated.keys():
        (directory / path).unlink()
    for path, text in generated.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text, encoding="utf-8")


def release(directory: Path = DIRECTORY) -> None:
    """Freeze the written schemas: what is released may only grow."""
    (directory / "released").mkdir(parents=True, exist_ok=True)
    for path in directory.glob("*.json"):
        shutil.copyfile(path, directory / "released" / path.name)


def drift(directory: Path = DIRECTORY) -> list[str]:
    """Return which files are not what `make schemas` would write."""
    generated, written = contract_files(published_events()), _written(directory)
    return [
        f"{path} {'is missing' if path not in written else 'is out of date'}: run `make schemas`"
        for path in sorted(generated.keys() | written.keys())
        if generated.get(path) != written.get(path)
    ]


def broken_promises(directory: Path = DIRECTORY) -> list[str]:
    """Return every incompatible change against the schemas that were last released."""
    now = {f"{event.type_name()}.json": schema_of(event) for event in published_events()}
    found: list[str] = []
    for path in sorted((directory / "released").glob("*.json")):
        if path.name in now:
            released = json.loads(path.read_text(encoding="utf-8"))
            found += [f"{path.stem}{change}" for change in incompatibilities(released, now[path.name])]
        else:
            found.append(f"{path.stem} was released and is gone")
    return found


def unpublished(
    events: Iterable[type[Event]], publishes: Mapping[str, Iterable[type[Event]]] = PUBLISHES
) -> list[str]:
    """Return the events that nobody publishes, and those that a service publishes under another's name."""
    publishers = {event: service for service, published in publishes.items() for event in published}
    return [
        f"{event.type_name()} is published by {publishers.get(event, 'nobody')}, not by {event.service}"
        for event in events
        if publishers.get(event) != event.service
    ]


def unknown_subscriptions(
    events: Iterable[type[Event]], consumers: Mapping[str, Iterable[Consumer]] = CONSUMERS
) -> list[str]:
    """Return the subscriptions to events that are not of the contract, or not of the consumer's topic."""
    known = {(event.topic, event) for event in events}
    return [
        f"{consumer.name} listens on {consumer.topic} to {subscription.event.type_name()}, which is not there"
        for service_consumers in consumers.values()
        for consumer in service_consumers
        for subscription in consumer.subscriptions
        if (consumer.topic, subscription.event) not in known
    ]


def faults() -> list[str]:
    """Return everything that is wrong with the contract as it is committed."""
    events = published_events()
    return [*drift(), *broken_promises(), *unpublished(events), *unknown_subscriptions(events)]
