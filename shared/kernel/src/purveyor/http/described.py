"""The OpenAPI document: what each operation asks and answers, whom it lets in, and how it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from purveyor.auth import Requires
from purveyor.decimals import form_of
from purveyor.http.headers import ETAG, EVERYWHERE, FIELDS, OF_REFUSALS, promised, reference
from purveyor.http.lists import SPARSE, SparsePage
from purveyor.http.openapi import never_null, plain
from purveyor.http.preconditions import IF_MATCH
from purveyor.http.problems import MEDIA_TYPE, Problem
from purveyor.http.transaction import IDEMPOTENCY_KEY
from purveyor.refusals import ANYWHERE, Refusal, applying
from purveyor.settings import Settings

Json = dict[str, Any]
METHODS = frozenset({"get", "put", "post", "patch", "delete"})
BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum"}
"""What JSON Schema calls the bounds of a number."""
BEARER, OPENID = "bearer", "openid"
REFUSALS = {
    "400": "The body is not JSON in UTF-8",
    "401": "No token, or one that is not valid",
    "403": "The caller may not do this",
    "404": "It does not exist, or the caller may not know that it does",
    "406": "The header Accept takes nothing that this answers",
    "408": "The body came too slowly",
    "409": "Not possible in the present state, or the Idempotency-Key is in flight",
    "412": "It changed since the caller saw it, or the ETag is weak",
    "413": "The request is too large",
    "415": "The body is of a kind that this operation does not read",
    "422": "The request is not valid, or breaks a rule",
    "428": "If-Match is missing",
    "429": "Too many requests; Retry-After says when to go on",
    "503": "Temporarily unavailable; the same request may succeed later",
}
UNTOLD = "What was asked for"
"""No operation of ours says so little: `purveyor.testing.contract` holds them to it."""
NOT_MODIFIED = "The caller has what is shown: If-None-Match names its ETag"
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags of what you have: 304 when one is of what would be shown (RFC 9110)",
    "schema": {"type": "string"},
    "example": '"3-1f0a9c2b7d44"',
}


def describe(app: FastAPI, tags: Mapping[str, str]) -> None:
    """Make an app's OpenAPI document name what each operation is told and answers, and what tags mean."""
    generate = app.openapi
    routes = {
        (route.path_format, method.lower()): route
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }

    def described() -> Json:
        if app.openapi_schema is None:
            document = _with_named_pages(generate())
            components = document.setdefault("components", {})
            schemas = components.setdefault("schemas", {})
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs") | {"Problem": problem}
            if any(_picks_fields(one) for path in document["paths"].values() for one in path.values()):
                sparse = SparsePage.model_json_schema(
                    mode="serialization", ref_template="#/components/schemas/{model}"
                )
                schemas |= sparse.pop("$defs", {}) | {"SparsePage": sparse}
            _with_decimals_in_form(document)
            for path, operations in document["paths"].items():
                for method in METHODS & operations.keys():
                    route = routes[path, method]
                    named = _names_what_may_not_exist(app.state.refusals, method, path)
                    _describe(operations[method], route, method, schemas, names_others=named)
            used = json.dumps(document["paths"])
            components["headers"] = {
                name: field for name, field in FIELDS.items() if json.dumps(reference(name)) in used
            }
            _say_who_is_let_in(document, routes, app.state.context.settings)
            _name_codes(document, app.state.refusals)
            app.openapi_schema = plain(document, tags)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _with_named_pages(document: Json) -> Json:
    """Return a document in which a page of suppliers is a `SupplierPage`, not a `Page_Supplier_`."""
    named: Json = json.loads(re.sub(r'\bPage[_\[](\w+)[_\]]"', r'\1Page"', json.dumps(document)))
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
            bounds = {name: numbers[0][word] for name, word in BOUNDS.items() if word in numbers[0]}
            form = {"pattern": form_of(bounds)}
            part["anyOf"] = [one | form if one == {"type": "string"} else one for one in kinds]
        for one in part.values():
            _with_decimals_in_form(one)


def _picks_fields(operation: Json) -> bool:
    return any(one["name"] == "fields" for one in operation.get("parameters", ()))


def _names_what_may_not_exist(refusals: Sequence[Refusal], method: str, path: str) -> bool:
    """Whether something that does not exist is refused at this very place, not at every address."""
    at_places = (one for one in refusals if one.status == HTTPStatus.NOT_FOUND and one.at != ANYWHERE)
    return any(one.is_met(method, path, {}) for one in at_places)


def _describe(operation: Json, route: APIRoute, method: str, schemas: Json, *, names_others: bool) -> None:
    names = _named_in(route.path_format)
    parameters = [
        ({"description": names[one["name"]]} if one["in"] == "path" else {})
        | one
        | {"schema": never_null(one["schema"])}
        for one in operation.get("parameters", ())
        if method == "post" or one["name"] != IDEMPOTENCY_KEY
    ]
    answers: Json = operation["responses"]
    versioned = any(one["name"] == IF_MATCH for one in parameters)
    keyed = any(one["name"] == IDEMPOTENCY_KEY for one in parameters)
    fields = promised(route.responses, route.status_code or 200, of_a_version=versioned)
    for status in [code for code in answers if code < "300"]:
        answer = answers[status]
        if answer.get("description") in {None, "Successful Response", HTTPStatus(int(status)).phrase}:
            answer["description"] = _said_of(answer, status, schemas)
        own = [name for name in FIELDS if name.lower() in fields.get(int(status), ())]
        replayed = ["Idempotent-Replayed"] if keyed else []
        answer["headers"] = {name: reference(name) for name in (*EVERYWHERE, *own, *replayed)}
    if any(one["name"] == "cursor" for one in operation.get("parameters", ())):
        answers["200"]["headers"]["Link"] = reference("Link")
    if _picks_fields(operation):
        answers["200"]["content"][SPARSE] = {"schema": {"$ref": "#/components/schemas/SparsePage"}}
    if method == "get" and ETAG in answers.get("200", {}).get("headers", {}):
        parameters.append(IF_NONE_MATCH)
        answers["304"] = {
            "description": NOT_MODIFIED,
            "headers": {name: reference(name) for name in (*EVERYWHERE, ETAG)},
        }
    closed = bool(_demands(route.dependant))
    _describe_refusals(operation, parameters, method, closed=closed, names_others=names_others)
    if parameters:
        operation["parameters"] = parameters
    else:
        operation.pop("parameters", None)


def _named_in(path: str) -> dict[str, str]:
    """Return what the parameters of a path are: `/items/{code}` is "The item's code"."""
    return {
        name: f"The {_singular(of.replace('-', ' '))}'s {name.rpartition('_')[2]}"
        for of, name in re.findall(r"/([\w-]+)/\{(\w+)\}", path)
    }


def _singular(many: str) -> str:
    return f"{many[:-3]}y" if many.endswith("ies") else many.removesuffix("s")


def _said_of(answer: Json, status: str, schemas: Json) -> str:
    """Return what a success is in words: the first sentence of what it shows."""
    schema: Json = next((content["schema"] for content in answer.get("content", {}).values()), {})
    shown = [one.get("$ref", "").rpartition("/")[2] for one in (schema, *schema.get("anyOf", ()))]
    sentences = dict.fromkeys(_sentence(schemas[name], schemas) for name in shown if name in schemas)
    what = ". Or, for a supplier: ".join(sentences) or UNTOLD
    return f"Created: {what[0].lower()}{what[1:]}" if status == "201" else what


def _sentence(schema: Json, schemas: Json) -> str:
    """Return the first sentence about a model, or about what a page of it has."""
    if "description" in schema:
        return re.split(r"[.;]\s|[.;]$|\n", schema["description"])[0]
    item = schema["properties"].get("items", {}).get("items", {}).get("$ref", "").rpartition("/")[2]
    if item not in schemas:
        return str(schema["title"])
    said = _sentence(schemas[item], schemas)
    return f"A page of a list, and of each: {said[0].lower()}{said[1:]}"


def _describe_refusals(
    operation: Json, parameters: list[Json], method: str, *, closed: bool, names_others: bool
) -> None:
    statuses = {"406", "422", "429", "503"}
    if closed:
        statuses |= {"401", "403"}
    if names_others or any(one["in"] == "path" for one in parameters):
        statuses.add("404")
    if method != "get":
        statuses.add("409")
    if "requestBody" in operation:
        statuses |= {"400", "408", "413", "415"}
    if any(one["name"] == IF_MATCH for one in parameters):
        statuses |= {"412", "428"}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers = operation["responses"]
    for status in sorted(statuses):
        own = answers.get(status, {}).get("content", {})
        ours = {kind: form for kind, form in own.items() if kind != "application/json"} | content
        answers[status] = {"description": REFUSALS[status], "content": ours}
    for status in [code for code in answers if code >= "400"]:
        names = (*EVERYWHERE, *OF_REFUSALS.get(status, ()))
        answers[status]["headers"] = {name: reference(name) for name in names}


def _say_who_is_let_in(
    document: Json, routes: Mapping[tuple[str, str], APIRoute], settings: Settings
) -> None:
    """Name the scope and the roles that each operation demands, and how a token is come by."""
    schemes: Json = {
        BEARER: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An OAuth 2 access token of the configured OIDC issuer (RFC 6750, RFC 9068)",
        }
    }
    if settings.oidc_jwks_file is None:
        schemes[OPENID] = {
            "type": "openIdConnect",
            "openIdConnectUrl": f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            "description": "The issuer of those tokens, which says where one is asked for, and with which "
            "scopes",
        }
    document["components"]["securitySchemes"] = schemes
    for path, operations in document["paths"].items():
        for method in METHODS & operations.keys():
            operation = operations[method]
            demands = _demands(routes[path, method].dependant)
            operation["security"] = [{name: [demand.scope]} for demand in demands for name in schemes]
            for demand in demands:
                operation["x-roles"] = list(demand.roles)
                operation["x-suppliers"] = demand.suppliers_too
                operation["description"] = f"{operation['description']}\n\n{_in_words(demand)}"


def _name_codes(document: Json, refusals: Sequence[Refusal]) -> None:
    """Name the codes by which each operation refuses, at each status: the page of problems explains them."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, codes in applying(refusals, method, path, operation).items():
                answer = operation["responses"].get(str(status))
                if answer is not None:
                    answer["description"] += f" (`{'`, `'.join(codes)}`)"
                    answer["x-codes"] = codes


def _in_words(demand: Requires) -> str:
    roles = f"and one of the roles {', '.join(demand.roles)}" if len(demand.roles) > 1 else ""
    roles = f"and the role {demand.roles[0]}" if len(demand.roles) == 1 else roles
    who = "A supplier's people are let in, to what is theirs." if demand.suppliers_too else ""
    needed = f"Needs the scope `{demand.scope}`" + (f" {roles}" if roles else "")
    return f"{needed}. {who}".strip()


def _demands(dependant: Dependant) -> list[Requires]:
    calls = [child.call for child in dependant.dependencies]
    return [call for call in calls if isinstance(call, Requires)] + [
        demand for child in dependant.dependencies for demand in _demands(child)
    ]
