"""Which answers show personal data: the model that holds it says so, and every route is found by it."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, TypeAdapter

MARK = "x-personal-data"


def personal(what: str) -> ConfigDict:
    """Return the `model_config` of a model that holds personal data, called what it is."""
    return ConfigDict(json_schema_extra={MARK: what})


def shown_by(response_model: Any) -> str | None:
    """Return what personal data answers of a model show, by the names of its parts; None for none."""
    if response_model is None:
        return None
    schema = TypeAdapter(response_model).json_schema(mode="serialization")
    return ", ".join(sorted(_marks(schema))) or None


def _marks(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_marks, schema))
    if not isinstance(schema, dict):
        return set()
    own = {schema[MARK]} if isinstance(schema.get(MARK), str) else set()
    return own.union(*map(_marks, schema.values()))
