"""The OpenAPI document and its page: what can be asked, and every way in which it can be refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from purveyor.auth import public
from purveyor.errors import NotFoundError
from purveyor.http.browser import PAGE_POLICY
from purveyor.http.lists import SPARSE, SparsePage
from purveyor.http.openapi import never_null, plain
from purveyor.http.preconditions import IF_MATCH
from purveyor.http.problems import MEDIA_TYPE, Problem
from purveyor.texts import Code

router = APIRouter(tags=["operations"], dependencies=[Depends(public)])

METHODS = frozenset({"get", "put", "post", "patch", "delete"})
SWAGGER_UI = Path(fastapi_offline.__file__).parent / "static"
ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon.png"})
KEPT_A_DAY = {"Cache-Control": "public, max-age=86400"}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = (
    'SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null});\n'
)
DECIMAL = r"^[0-9]+(\.[0-9]+)?$"
SIGNED_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
DECIMAL_ABOVE_ZERO = r"^(0*[1-9][0-9]*(\.[0-9]+)?|0+\.0*[1-9][0-9]*)$"
LINK = {
    "description": "Where the next page is, relative to this one; absent on the last (RFC 8288)",
    "schema": {"type": "string", "examples": ['<?cursor=WzEsIjIiXQ==>; rel="next"']},
}
REFUSALS = {
    "400": "The body is not JSON in UTF-8",
    "401": "No token, or one that is not valid",
    "403": "The caller may not do this",
    "404": "It does not exist, or the caller may not know that it does",
    "406": "The header Accept takes nothing that this answers",
    "408": "The body came too slowly",
    "409": "Not possible in the present state, or the Idempotency-Key is in flight",
    "412": "It changed since the caller saw it",
    "413": "The request is too large",
    "415": "The body is of a kind that this operation does not read",
    "422": "The request is not valid, or breaks a rule",
    "428": "If-Match is missing",
    "429": "Too many requests; Retry-After says when to go on",
    "503": "Temporarily unavailable; the same request may succeed later",
}


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> JSONResponse:
    """Answer the OpenAPI document."""
    app: FastAPI = request.app
    return JSONResponse(app.openapi())


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    """Answer a page to read and try the API with; a browser needs nothing from anywhere else for it."""
    page = PAGE.format(title=escape(request.app.title))
    return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY})


@router.get("/docs/{asset}", include_in_schema=False)
async def docs_asset(asset: Code) -> Response:
    """Answer a file of that page."""
    if asset == "start.js":
        return Response(START, media_type="text/javascript", headers=KEPT_A_DAY)
    if asset not in ASSETS:
        raise NotFoundError("asset", asset)
    return FileResponse(SWAGGER_UI / asset, headers=KEPT_A_DAY)


def describe(app: FastAPI, tags: Mapping[str, str]) -> None:
    """Make an app's OpenAPI document name each operation's problems and what tags mean, plainly."""
    generate = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = _with_named_pages(generate())
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs") | {"Problem": problem}
            if any(_picks_fields(one) for path in document["paths"].values() for one in path.values()):
                sparse = SparsePage.model_json_schema(
                    mode="serialization", ref_template="#/components/schemas/{model}"
                )
                schemas |= sparse.pop("$defs") | {"SparsePage": sparse}
            for kind in ("HTTPValidationError", "ValidationError"):
                schemas.pop(kind, None)
            _with_decimals_in_form(document)
            for path, operations in document["paths"].items():
                for method in METHODS & operations.keys():
                    _describe(operations[method], method, path)
            app.openapi_schema = plain(document, tags)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _with_named_pages(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document in which a page of suppliers is a `SupplierPage`, not a `Page_Supplier_`."""
    named: dict[str, Any] = json.loads(re.sub(r'\bPage[_\[](\w+)[_\]]"', r'\1Page"', json.dumps(document)))
    return named


def _with_decimals_in_form(part: Any) -> None:
    """Give texts that are read as decimals the form of one, which pydantic leaves out."""
    if isinstance(part, list):
        for one in part:
            _with_decimals_in_form(one)
    elif isinstance(part, dict):
        kinds = part.get("anyOf", ())
        numbers = [one for one in kinds if isinstance(one, dict) and one.get("type") == "number"]
        if numbers and {"type": "string"} in kinds:
            form = DECIMAL if "minimum" in numbers[0] else SIGNED_DECIMAL
            form = DECIMAL_ABOVE_ZERO if numbers[0].get("exclusiveMinimum") == 0 else form
            part["anyOf"] = [one | {"pattern": form} if one == {"type": "string"} else one for one in kinds]
        for one in part.values():
            _with_decimals_in_form(one)


def _picks_fields(operation: dict[str, Any]) -> bool:
    return any(one["name"] == "fields" for one in operation.get("parameters", ()))


def _describe(operation: dict[str, Any], method: str, path: str) -> None:
    parameters = operation.get("parameters", [])
    if _picks_fields(operation):
        answer = operation["responses"]["200"]
        answer["content"][SPARSE] = {"schema": {"$ref": "#/components/schemas/SparsePage"}}
        answer.setdefault("headers", {})["Link"] = LINK
    for parameter in parameters:
        parameter["schema"] = never_null(parameter["schema"])
    statuses = {"406", "422", "429", "503"}
    if operation.get("security"):
        statuses |= {"401", "403"}
    if "{" in path:
        statuses.add("404")
    if method != "get":
        statuses.add("409")
    if "requestBody" in operation:
        statuses |= {"400", "408", "413", "415"}
    if any(p["name"] == IF_MATCH for p in parameters):
        statuses |= {"412", "428"}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in sorted(statuses):
        own = operation["responses"].get(status, {}).get("content", {})
        ours = {kind: form for kind, form in own.items() if kind != "application/json"} | content
        operation["responses"][status] = {"description": REFUSALS[status], "content": ours}
