"""`make openapi`: the OpenAPI documents as files, each service's and one of all behind one gateway.

The gateway takes the service's name off the path: `/procurement/v1/suppliers` is procurement's
`/v1/suppliers`. What all services have alike has one name in the document, everything else begins with its
service, whether or not another has the same name today: so nothing is renamed because a neighbour grows.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from purveyor.http.described import METHODS
from purveyor.service import ServiceContext
from purveyor_cli.services import SERVICES, service_named

Json = dict[str, Any]
ALL = "purveyor"
FOLDER = Path("dist", "openapi")
GATEWAY = "https://purveyor.example"
ABOUT = (
    "The supplier lifecycle: who we buy from, what we buy, and how well it went. Three services, one gateway."
)


def documents() -> dict[str, Json]:
    """Return each service's document, as it answers it."""
    return {service.name: json.loads(_written(service.name)) for service in SERVICES}


@cache
def _written(name: str) -> str:
    """Return a service's document as text: to make it takes seconds, and whoever has it may change it."""
    service = service_named(name)
    settings = service.settings(
        database_url="postgresql://nobody@localhost/nothing", oidc_issuer="https://issuer.example"
    )
    return json.dumps(service.create_app(ServiceContext.create(name, settings)).openapi())


def combined(gateway: str = GATEWAY) -> Json:
    """Return one document of all services, as they are behind a gateway."""
    made = documents()
    alike = _alike([document["components"] for document in made.values()])
    first = next(iter(made.values()))
    whole: Json = {
        "openapi": first["openapi"],
        "info": first["info"] | {"title": "Purveyor", "description": ABOUT},
        "servers": [{"url": gateway, "description": "A gateway before all services"}],
        "tags": [],
        "paths": {},
        "components": {},
    }
    for service, document in made.items():
        _add(whole, service, document, alike)
    return whole


def _add(whole: Json, service: str, document: Json, alike: Mapping[str, set[str]]) -> None:
    prefix = "".join(part.capitalize() for part in service.split("-"))

    def renamed(section: str, name: str) -> str:
        return name if name in alike[section] else f"{prefix}{name[0].upper()}{name[1:]}"

    document = _with_references(document, renamed)
    for section, parts in document["components"].items():
        known = whole["components"].setdefault(section, {})
        for name, part in parts.items():
            new = renamed(section, name)
            known[new] = part | {"title": new} if part.get("title") == name else part
    for tag in document["tags"]:
        whole["tags"].append(tag | {"name": f"{service}: {tag['name']}"})
    for path, operations in document["paths"].items():
        whole["paths"][f"/{service}{path}"] = operations
        for method in METHODS & operations.keys():
            operation = operations[method]
            identifier = operation["operationId"]
            operation["operationId"] = (
                f"{prefix[0].lower()}{prefix[1:]}{identifier[0].upper()}{identifier[1:]}"
            )
            operation["tags"] = [f"{service}: {tag}" for tag in operation["tags"]]
            operation["security"] = [
                {renamed("securitySchemes", name): scopes for name, scopes in one.items()}
                for one in operation["security"]
            ]


def _alike(components: list[Json]) -> dict[str, set[str]]:
    """Return by section what all services have alike, down to the last part that it refers to."""
    sections = {section for parts in components for section in parts}
    alike = {
        section: {
            name
            for name, part in components[0].get(section, {}).items()
            if all(other.get(section, {}).get(name) == part for other in components)
        }
        for section in sections
    }
    while unlike := [
        (section, name)
        for section, names in alike.items()
        for name in names
        if any(used not in alike[kind] for kind, used in _references(components[0][section][name]))
    ]:
        for section, name in unlike:
            alike[section].discard(name)
    return alike


def _references(part: Any) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()

    def note(section: str, name: str) -> str:
        found.add((section, name))
        return name

    _with_references(part, note)
    return found


def _with_references(part: Any, renamed: Callable[[str, str], str]) -> Any:
    """Return a part of a document in which what is referred to has another name."""
    if isinstance(part, list):
        return [_with_references(one, renamed) for one in part]
    if not isinstance(part, dict):
        return part
    changed = {
        key: value if key in {"example", "examples", "default"} else _with_references(value, renamed)
        for key, value in part.items()
    }
    if isinstance(reference := part.get("$ref"), str):
        changed["$ref"] = _renamed(reference, renamed)
    match part:
        case {"propertyName": str(), "mapping": dict(mapping)}:  # a discriminator refers by plain values
            changed["mapping"] = {value: _renamed(to, renamed) for value, to in mapping.items()}
    return changed


def _renamed(reference: str, renamed: Callable[[str, str], str]) -> str:
    section, name = reference.removeprefix("#/components/").split("/")
    return f"#/components/{section}/{renamed(section, name)}"


def main() -> None:
    """Write the documents."""
    parser = argparse.ArgumentParser(description="Write the OpenAPI documents.")
    parser.add_argument("--gateway", default=GATEWAY, help="Where the services are behind one gateway.")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for name, document in (documents() | {ALL: combined(given.gateway)}).items():
        path = given.folder / f"{name}.json"
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write(f"{path}: {len(document['paths'])} paths\n")


if __name__ == "__main__":
    main()
