"""Who sees what: every field of every answer and event, placed by hand in `tests/audience/<service>.txt`.

Under each model stand its fields, and who is shown them: `everybody` (suppliers of their own things), `ours`
(each role but suppliers), `suppliers`, `anybody` (without a token), or the roles. A model and its view for
suppliers are one: what is only in the former is `ours`. Of an event the `subscribers` see all, and the
`supplier` that it speaks of what its class names. A field that is not placed fails the test, and so does one
that is shown to others than the table says.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute, RouteContext
from pydantic import BaseModel

from purveyor.http.described import METHODS
from purveyor.http.routes import demands, routes_of
from purveyor.service import ServiceContext
from purveyor_cli.services import SERVICES, Service
from purveyor_contract.roles import SCOPES_OF, Role
from purveyor_messaging.audience import NOTHING, Told

EVERY_SERVICE = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
TABLES = Path(__file__).parent / "audience"
FOR_SUPPLIERS = "ForSupplier"
ANYBODY = "anybody"
OURS = frozenset(set(Role) - {Role.SUPPLIER})
Json = dict[str, Any]


def allowed(route: RouteContext) -> frozenset[str]:
    """Return the roles whose people a route answers; a supplier's wherever one might be let in."""
    found = demands(route)
    if not found:
        return frozenset({ANYBODY})
    roles = {role for role in OURS if all(one.scope in SCOPES_OF[role] for one in found)}
    roles &= {role for role in OURS if all(not one.roles or role in one.roles for one in found)}
    return frozenset(roles | {Role.SUPPLIER for one in found if one.suppliers_too})


def answers(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Return each operation's method, path and the schema of each answer that is no refusal."""
    for path, operations in document["paths"].items():
        for method in METHODS & operations.keys():
            for status, answer in operations[method]["responses"].items():
                if status.startswith("2"):
                    for media in answer.get("content", {}).values():
                        yield method.upper(), path, media.get("schema", {})


def models(schema: Any) -> set[str]:
    """Return the models that a schema names."""
    if isinstance(schema, list):
        return set().union(*map(models, schema))
    if not isinstance(schema, dict):
        return set()
    named = {schema["$ref"].rpartition("/")[2]} if "$ref" in schema else set()
    return named.union(*(models(part) for name, part in schema.items() if name != "examples"))


def reached(document: Json, names: set[str]) -> set[str]:
    """Return models and all that are part of them."""
    found: set[str] = set()
    while names:
        found |= names
        names = models([document["components"]["schemas"][name] for name in names]) - found
    return found


def audiences(service: Service) -> tuple[Json, dict[str, set[str]]]:
    """Return a service's OpenAPI document, and by model who is shown it."""
    settings = service.settings(database_url="postgresql://nowhere/none", oidc_issuer="http://nowhere")
    app = service.create_app(ServiceContext.create(service.name, settings))
    document = app.openapi()
    routes = {
        (method, route.path): route
        for route in routes_of(app)
        if isinstance(route.original_route, APIRoute)
        for method in route.methods or ()
    }
    shown: dict[str, set[str]] = defaultdict(set)
    for method, path, schema in answers(document):
        roles = allowed(routes[method, path])
        names = models(schema)
        told = {name for name in names if FOR_SUPPLIERS in name} or names
        for name in reached(document, told):
            shown[name] |= roles & {Role.SUPPLIER}
        for name in reached(document, (names - told) or names):
            shown[name] |= roles - {Role.SUPPLIER}
    return document, shown


def spelt(roles: set[str]) -> str:
    """Return who they are, in a word where there is one."""
    if roles & {ANYBODY}:
        return ANYBODY
    if roles >= OURS:
        return "everybody" if Role.SUPPLIER in roles else "ours"
    return "suppliers" if roles == {Role.SUPPLIER} else " ".join(sorted(roles))


def parts(model: type[BaseModel], told: Told | None) -> Iterator[tuple[str, bool]]:
    """Return an event's fields, those of its parts as `part.field`, and whether a supplier is told them."""
    for name, field in model.model_fields.items():
        is_told = told is None or name in told
        below = NOTHING if not is_told else told and told[name]
        inner = _models_of(field.annotation)
        if not inner:
            yield name, is_told
        for part in inner:
            for field_of_part, is_told_too in parts(part, below):
                yield f"{name}.{field_of_part}", is_told_too


def _models_of(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in getattr(annotation, "__args__", ()) for found in _models_of(part)]


def table(service: Service) -> list[str]:
    """Return the lines that a service's table has to have."""
    document, shown = audiences(service)
    placed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    merged: set[tuple[str, bool]] = set()
    for name, roles in shown.items():
        model = re.sub(f"{FOR_SUPPLIERS}|Out|Shown", "", name)
        assert (model, FOR_SUPPLIERS in name) not in merged, f"two models would be one in the table: {name}"
        merged.add((model, FOR_SUPPLIERS in name))
        for field in document["components"]["schemas"][name].get("properties", ()):
            placed[model][field] |= roles
    lines = []
    for model in sorted(placed):
        lines += [model, *(f"    {field}: {spelt(placed[model][field])}" for field in sorted(placed[model]))]
    for event in sorted(service.code().publishes, key=lambda event: event.__name__):
        lines.append(f"event {event.__name__}")
        for field, is_told in parts(event, event.to_supplier):
            lines.append(f"    {field}: {'subscribers, supplier' if is_told else 'subscribers'}")
    return lines


@EVERY_SERVICE
def test_every_field_is_placed_and_shown_to_those_that_the_table_names(service: Service) -> None:
    placed = (TABLES / f"{service.name}.txt").read_text().splitlines()
    differences = list(difflib.unified_diff(placed, table(service), "placed", "shown", n=0, lineterm=""))
    assert not differences, "\n".join(differences)


INTERNAL = re.compile(
    r"(?!need_by|answer_by|spread_by).*_by|(.*_)?reason|cost_centre|flag|imported|.*review.*|.*threshold.*|.*_versions?|onboard.*|.*duplicate.*"
)
"""Names of what no supplier is shown: who of ours did something and why, and by which rules of ours.

`need_by` and `answer_by` are days, and nobody; `spread_by` a share of lines.
"""


@EVERY_SERVICE
def test_no_supplier_is_shown_who_of_ours_did_something_or_why(service: Service) -> None:
    told, model = [], ""
    for line in (TABLES / f"{service.name}.txt").read_text().splitlines():
        if not line.startswith(" "):
            model = line
            continue
        field, _, who = line.strip().partition(": ")
        if INTERNAL.fullmatch(field.rpartition(".")[2]) and {"everybody", "supplier", "suppliers"} & set(
            who.replace(",", "").split()
        ):
            told.append(f"{model}.{field}")
    assert set(told) == WRITTEN_FOR_SUPPLIERS[service.name]


WRITTEN_FOR_SUPPLIERS = {
    "sourcing": set[str](),
    "procurement": {
        "Allowance.reason",
        "Charge.reason",
        "LineAllowance.reason",
        *(
            f"event {event}.{part}.reason"
            for event in ("POIssued", "POAmended")
            for part in ("allowances", "charges", "lines.allowances", "lines.charges")
        ),
        "InboundDocument.reason",
        "InvoiceAdjustment.reason",
        "RecordedLine.rejection_reason",
        "event GoodsReceived.lines.rejection_reason",
        "Order.current_version",
        "OrderHeader.current_version",
        "OrderLine.dropped_by_version",
        "VersionDifferences.from_version",
        "VersionDifferences.to_version",
        "event POAmended.previous_version",
        "event PromiseChanged.moved_by",
        "Move.moved_by",
        "AnsweredChange.reason",
        "OrderResponse.reason",
        "event POResponded.changes.reason",
        "event POResponded.reason",
    },
    "supplier-performance": {
        "LineEvent.rejection_reason",
        "ExcludedFacts.reason",
        "Dispute.reason",
        "Dispute.disputed_by",
    },
}
"""Why goods were rejected, which versions their orders have, on which side a promise was moved, and what
suppliers say of why; what is none any more fails the test."""
