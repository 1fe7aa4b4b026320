"""A definition as somebody states it: bounded before it is read; and as it is documented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from supplier_performance.kpis.rules.grammar import Definition

DEEPEST, MOST_PARTS = 24, 600
"""How deep a definition's JSON is nested at most, and of how many values it consists."""


def bounded(stated: Any) -> Any:
    """Return what is stated; raises ValueError for what is nested too deep, or too long."""
    parts, level = 0, [stated]
    for _ in range(DEEPEST):
        parts += len(level)
        if parts > MOST_PARTS:
            raise ValueError(f"says more than {MOST_PARTS} things")
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return stated
    raise ValueError(f"is nested more than {DEEPEST} deep")


def _inside(one: Any) -> list[Any]:
    if isinstance(one, Mapping):
        return list(one.values())
    return one if isinstance(one, list) else []


DOCUMENTED = WithJsonSchema(
    {
        "type": "object",
        "additionalProperties": True,
        "description": "What it is, as data: docs/kpis/definition.schema.json is the grammar",
    }
)
"""A grammar that holds itself has a schema of its own: generators of clients and of requests unfold it."""
StatedDefinition = Annotated[Definition, BeforeValidator(bounded), DOCUMENTED]
"""A definition as somebody states it."""
ShownDefinition = Annotated[Definition, DOCUMENTED]
"""A definition as it is shown."""
