"""What may happen to a released schema: a new optional field, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from purveyor_contract.compatibility import incompatibilities
from purveyor_contract.events.procurement.orders import POIssued
from purveyor_contract.events.sourcing.suppliers import SupplierReviewDecided
from purveyor_contract.schemas import example_of, published_events, schema_of
from purveyor_messaging.envelope import Event

Schema = dict[str, Any]
Change = Callable[[Schema], object]

COMPATIBLE: dict[str, Change] = {
    "an optional field is added": lambda s: s["properties"].update(note={"type": "string", "default": ""}),
    "an optional field is added to a line": lambda s: s["$defs"]["OrderedLine"]["properties"].update(
        drawing={"type": "string", "default": ""}
    ),
    "a description changes": lambda s: s["properties"]["site"].update(description="Another word for it"),
    "a default changes": lambda s: s["properties"]["external_reference"].update(default="none"),
}

BREAKING: dict[str, tuple[Change, str]] = {
    "a field is removed": (
        lambda s: s["properties"].pop("external_reference"),
        "/external_reference was removed",
    ),
    "an optional field is removed": (
        lambda s: s["properties"].pop("external_reference"),
        "/external_reference was removed",
    ),
    "a field of a line is removed": (
        lambda s: s["$defs"]["OrderedLine"]["properties"].pop("unit"),
        "/lines/*/unit was removed",
    ),
    "an optional field becomes required": (
        lambda s: s["required"].append("external_reference"),
        "/external_reference became required",
    ),
    "a required field becomes optional": (
        lambda s: s["required"].remove("site"),
        "/site is no longer always there",
    ),
    "a field is added that is not optional": (
        lambda s: (s["properties"].update(plant={"type": "string"}), s["required"].append("plant")),
        "/plant was added, but not optional",
    ),
    "a type changes": (
        lambda s: s["properties"].update(site={"type": "integer"}),
        '/site: type was "string" and is "integer"',
    ),
    "a format changes": (
        lambda s: s["properties"]["order_id"].update(format="uri"),
        '/order_id: format was "uuid" and is "uri"',
    ),
    "a field becomes nullable": (
        lambda s: s["properties"].update(site={"anyOf": [{"type": "string"}, {"type": "null"}]}),
        "/site: anyOf was null",
    ),
}


@pytest.mark.parametrize("change", COMPATIBLE.values(), ids=COMPATIBLE.keys())
def test_a_released_event_may_grow(change: Change) -> None:
    released = schema_of(POIssued)
    now = copy.deepcopy(released)
    change(now)
    assert incompatibilities(released, now) == []


@pytest.mark.parametrize(("change", "told"), BREAKING.values(), ids=BREAKING.keys())
def test_a_released_event_is_not_broken(change: Change, told: str) -> None:
    released = schema_of(POIssued)
    now = copy.deepcopy(released)
    change(now)
    assert any(told in change_found for change_found in incompatibilities(released, now))


def test_a_new_word_in_a_closed_list_is_a_break() -> None:
    released = schema_of(SupplierReviewDecided)
    now = copy.deepcopy(released)
    now["properties"]["decision"]["enum"].append("pause")
    assert incompatibilities(released, now)


@pytest.mark.parametrize("event", published_events(), ids=lambda event: event.__name__)
def test_every_event_has_an_example_that_a_subscriber_can_read(event: type[Event]) -> None:
    example = example_of(event)
    assert event.model_validate(example).model_dump(mode="json") == example
    assert event.model_validate(example).key == example[event.key_field]
