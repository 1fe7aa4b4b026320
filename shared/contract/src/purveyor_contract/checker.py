"""The files of the contract: written, compared with the code, frozen at a release."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from purveyor_contract.asyncapi import DOCUMENT, asyncapi
from purveyor_contract.catalogue import PAGE, catalogue
from purveyor_contract.compatibility import incompatibilities
from purveyor_contract.schemas import example_of, published_events, schema_of
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Event

DIRECTORY = Path(__file__).parents[2] / "schemas"


@dataclass(frozen=True, slots=True)
class Contract:
    """Where the files are, what each service listens to, and what each publishes."""

    consumers: Mapping[str, tuple[Consumer, ...]]
    publishes: Mapping[str, tuple[type[Event], ...]]
    directory: Path = DIRECTORY
    page: Path = PAGE
    document: Path = DOCUMENT

    def write(self) -> None:
        """Write every file, and remove those of events that are gone."""
        generated = self._generated()
        for path in self._written().keys() - generated.keys():
            (self.directory / path).unlink()
        for path, text in generated.items():
            (self.directory / path).parent.mkdir(parents=True, exist_ok=True)
            (self.directory / path).write_text(text, encoding="utf-8")

    def release(self) -> None:
        """Freeze the written schemas: what is released may only grow."""
        released = self.directory / "released"
        released.mkdir(parents=True, exist_ok=True)
        for path in self.directory.glob("*.json"):
            shutil.copyfile(path, released / path.name)

    def faults(self) -> list[str]:
        """Return everything that is wrong with the contract as it is committed."""
        events = published_events()
        return [
            *self.drift(),
            *self.broken_promises(),
            *unpublished(events, self.publishes),
            *unknown_subscriptions(events, self.consumers),
        ]

    def drift(self) -> list[str]:
        """Return which files are not what `make schemas` would write."""
        generated, written = self._generated(), self._written()
        return [
            f"{path} {'is missing' if path not in written else 'is out of date'}: run `make schemas`"
            for path in sorted(generated.keys() | written.keys())
            if generated.get(path) != written.get(path)
        ]

    def broken_promises(self) -> list[str]:
        """Return every incompatible change against the schemas that were last released."""
        now = {f"{event.type_name()}.json": schema_of(event) for event in published_events()}
        found: list[str] = []
        for path in sorted((self.directory / "released").glob("*.json")):
            if path.name in now:
                released = json.loads(path.read_text(encoding="utf-8"))
                found += [f"{path.stem}{change}" for change in incompatibilities(released, now[path.name])]
            else:
                found.append(f"{path.stem} was released and is gone")
        return found

    def _generated(self) -> dict[Path, str]:
        generated: dict[Path, str] = {}
        events = published_events()
        for event in events:
            generated[Path(f"{event.type_name()}.json")] = _json(schema_of(event))
            generated[Path("examples") / f"{event.type_name()}.json"] = _json(example_of(event))
        document = asyncapi(events, self.consumers)
        generated[self.page] = catalogue(events, self.consumers)
        generated[self.document] = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
        return generated

    def _written(self) -> dict[Path, str]:
        folder = self.directory
        paths = (*folder.glob("*.json"), *folder.glob("examples/*.json"))
        written = {path.relative_to(folder): path.read_text(encoding="utf-8") for path in paths}
        beside = filter(Path.exists, (self.page, self.document))
        return written | {path: path.read_text(encoding="utf-8") for path in beside}


def unpublished(events: Iterable[type[Event]], publishes: Mapping[str, Iterable[type[Event]]]) -> list[str]:
    """Return the events that nobody publishes, and those that a service publishes under another's name."""
    publishers = {event: service for service, published in publishes.items() for event in published}
    return [
        f"{event.type_name()} is published by {publishers.get(event, 'nobody')}, not by {event.service}"
        for event in events
        if publishers.get(event) != event.service
    ]


def unknown_subscriptions(
    events: Iterable[type[Event]], consumers: Mapping[str, Iterable[Consumer]]
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


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
