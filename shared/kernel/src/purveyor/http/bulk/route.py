"""How a bulk operation is documented."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from pydantic import BaseModel

from purveyor.http.bulk.kind import Kind
from purveyor.http.bulk.progress import BulkJobShown
from purveyor.http.bulk.response import BulkResponse
from purveyor.http.bulk.results import BulkResult
from purveyor.http.headers import LOCATION, PREFERENCE_APPLIED, carries
from purveyor.http.rows import CSV, LIST_SEPARATOR, NDJSON, columns_of

OF_ROWS = (
    "One row a line, in a stream of any length, in UTF-8. In CSV (RFC 4180) the first line names the "
    "columns, of which any may be left out that has a default; comma, semicolon or tab separates them, "
    "whichever makes columns that are known. The items of a list stand in one cell with "
    f"`{LIST_SEPARATOR}` between them, decimals behind a point."
)
OF_DOCUMENTS = (
    " Here each line is a row of CSV. The rows of one document stand together and each states {key}; what it "
    "says as a whole stands in any of them, and in no two of them otherwise. All of CSV is read before the "
    "first row is decided."
)


OF_RESULTS: dict[str, Any] = {
    "content": {
        NDJSON: {
            "schema": {
                "contentMediaType": NDJSON,
                "contentSchema": {"$ref": "#/components/schemas/BulkResult"},
            }
        }
    }
}
"""What the lines are: a text, of which every generator makes a stream or a string, and no model of one."""


def route(taken: Kind[Any] | type[BaseModel]) -> dict[str, Any]:
    """Return what declares a bulk route: `@router.post("/orders:import", **bulk.route(IMPORT))`.

    That of a model alone, whose rows are answered at once, makes no jobs.
    """
    makes_jobs = isinstance(taken, Kind)
    model = taken.model if isinstance(taken, Kind) else taken
    schema = model.model_json_schema()
    row = _without_references(schema, schema.pop("$defs", {}))
    row.pop("$defs", None)
    columns = columns_of(model)
    described = OF_ROWS
    if columns.are_of_documents:
        described += OF_DOCUMENTS.format(key=" and ".join(f"`{column}`" for column in columns.known_by))
    example = columns.rows(next(iter(row.get("examples", ())), {}))
    return {
        "response_class": type("BulkResponse", (BulkResponse,), {"row": model}),
        "response_model": BulkResult,
        "response_description": "A result for every row, one JSON object a line",
        "responses": {200: OF_RESULTS, **({202: _accepted()} if makes_jobs else {})},
        "openapi_extra": {
            "requestBody": {
                "required": True,
                "description": described,
                "content": {
                    NDJSON: {"schema": row},
                    CSV: {"schema": {"type": "string"}, "example": _csv([list(columns.lists), *example])},
                },
            }
        }
        | ({"responses": {"202": _as_json(BulkJobShown)}} if makes_jobs else {}),
    }


def _accepted() -> dict[str, Any]:
    return {
        "description": "The rows are worked on as a bulk job, as `Prefer: respond-async` asks",
        **carries(LOCATION, PREFERENCE_APPLIED),
    }


def _as_json(model: type[BaseModel]) -> dict[str, Any]:
    """Return the content of an answer that is JSON beside others of the route that are not."""
    schema = model.model_json_schema(mode="serialization")
    shown = _without_references(schema, schema.pop("$defs", {}))
    return {"content": {"application/json": {"schema": shown}}}


def _csv(rows: list[list[str]]) -> str:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(row for row in rows if any(row))
    return text.getvalue()


def _without_references(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_without_references(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _without_references(definitions[name], definitions)
    return {key: _without_references(value, definitions) for key, value in schema.items()}
