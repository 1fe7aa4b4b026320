"""How a bulk operation is documented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from purveyor.http.bulk.response import BulkResponse
from purveyor.http.bulk.results import BulkResult
from purveyor.http.rows import CSV, NDJSON
from purveyor.http.rows.row import LIST_SEPARATOR, columns_of

OF_ROWS = "One row a line, in a stream of any length, in UTF-8."
OF_CSV = (
    " In CSV (RFC 4180) the first line names the columns, of which any may be left out that has a default; "
    "comma, semicolon or tab separates them, whichever makes columns that are known. The items of a list "
    f"stand in one cell with `{LIST_SEPARATOR}` between them, decimals behind a point."
)


def route(model: type[BaseModel]) -> dict[str, Any]:
    """Return what declares a bulk route: `@router.post("/orders:import", **bulk.route(OrderRow))`."""
    schema = model.model_json_schema()
    row = _without_references(schema, schema.pop("$defs", {}))
    row.pop("$defs", None)
    content: dict[str, Any] = {NDJSON: {"schema": row}}
    columns = columns_of(model)
    if columns is not None:
        example = _example(columns, next(iter(row.get("examples", ())), {}))
        content[CSV] = {"schema": {"type": "string"}, "example": example}
    return {
        "response_class": type("BulkResponse", (BulkResponse,), {"row": model}),
        "response_model": BulkResult,
        "response_description": "A result for every row, one JSON object a line",
        "openapi_extra": {
            "requestBody": {
                "required": True,
                "description": OF_ROWS if columns is None else OF_ROWS + OF_CSV,
                "content": content,
            }
        },
    }


def _example(columns: Mapping[str, bool], shown: Mapping[str, Any]) -> str:
    """Return an example of a row as CSV."""
    cells = [
        LIST_SEPARATOR.join(shown.get(name, ())) if is_list else str(shown.get(name, ""))
        for name, is_list in columns.items()
    ]
    lines = [",".join(columns), *([",".join(cells)] if any(cells) else [])]
    return "\n".join(lines) + "\n"


def _without_references(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_without_references(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _without_references(definitions[name], definitions)
    return {key: _without_references(value, definitions) for key, value in schema.items()}
