"""Which answers show personal data: the model that holds it says so, and every route is found by it."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ConfigDict

MARK = "x-personal-data"


def personal(what: str) -> ConfigDict:
    """Return the `model_config` of a model that holds personal data, called what it is."""
    return ConfigDict(json_schema_extra={MARK: what})


def shown_by(response_model: Any) -> str | None:
    """Return what personal data answers of a model show, by the names of its parts; None for none.

    The types are asked: to write the JSON Schema of every answer took a third of the time in which a service
    starts. The contract of every API (`purveyor.testing.contract`) holds them to it.
    """
    extras = [model.model_config.get("json_schema_extra") for model in models_in(response_model)]
    marks = {extra[MARK] for extra in extras if isinstance(extra, dict) and MARK in extra}
    return ", ".join(sorted(map(str, marks))) or None


def models_in(annotation: Any) -> set[type[BaseModel]]:
    """Return the models within a type, and those of which they are made."""
    found: set[type[BaseModel]] = set()
    _add_models(annotation, found)
    return found


def _add_models(annotation: Any, found: set[type[BaseModel]]) -> None:
    for part in get_args(annotation):
        _add_models(part, found)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in found:
        found.add(annotation)
        for field in annotation.model_fields.values():
            _add_models(field.annotation, found)
        for computed in annotation.model_computed_fields.values():
            _add_models(computed.return_type, found)
