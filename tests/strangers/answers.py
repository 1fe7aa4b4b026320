"""What a document promises, looked for in what was generated from it: each operation, each answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from tests.strangers.tools import DOCUMENTS, ComplaintError

from purveyor.http.described import METHODS

JSON = ("application/json", "application/problem+json")
Answers = dict[str, dict[str, list[str]]]
"""By operation and status, the media types."""


def documented(folder: Path, name: str) -> Answers:
    """Return what a document answers as JSON, every operation of it."""
    document = json.loads((folder / f"{name}.json").read_text())
    return {
        operation["operationId"]: {
            status: [kind for kind in answer.get("content", {}) if kind in JSON]
            for status, answer in operation["responses"].items()
        }
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    }


def all_of(folder: Path) -> list[tuple[str, str, str, str]]:
    """Return service, operation, status and media type of every answer."""
    return [
        (name, operation, status, kind)
        for name in DOCUMENTS
        for operation, answers in documented(folder, name).items()
        for status, kinds in answers.items()
        for kind in kinds
    ]


def counted(folder: Path, lacking: Iterable[str]) -> str:
    """Return how many operations and answers there are; raises ComplaintError for those that are lacking."""
    lost = list(lacking)
    if lost:
        raise ComplaintError("dropped: " + ", ".join(lost))
    operations = sum(len(documented(folder, name)) for name in DOCUMENTS)
    return f"{operations} operations, {len(all_of(folder))} answers"


def of_typescript(folder: Path) -> str:
    """Return a program that compiles only where every answer has a type."""
    lines = ["type Typed<T> = [unknown] extends [T] ? never : T;"]
    for name in DOCUMENTS:
        lines.append(f'import type {{ operations as {module_of(name)} }} from "./types/{name}.js";')
    lines += [
        f'export type A{number} = Typed<{module_of(name)}["{operation}"]["responses"][{status}]'
        f'["content"]["{kind}"]>;'
        for number, (name, operation, status, kind) in enumerate(all_of(folder))
    ]
    return "\n".join(lines)


def module_of(name: str) -> str:
    """Return a service's name as a name in TypeScript."""
    return name.replace("-", "_")


def lost_by_oapi_codegen(folder: Path, made: dict[str, str]) -> Iterable[str]:
    """Yield the answers that have no field in the responses of generated clients, given by service."""
    for name, operation, status, kind in all_of(folder):
        struct = re.search(
            rf"^type {_capital(operation)}Response struct {{$(.*?)^}}$", made[name], re.M | re.S
        )
        if struct is None or f"for an HTTP {status} `{kind}` response" not in struct[1]:
            yield f"{operation} {status} {kind}"


def lost_by_go(folder: Path, made: dict[str, str]) -> Iterable[str]:
    """Yield the answers that are not decoded by clients of openapi-generator for Go, given by service."""
    for name, operation, status, kind in all_of(folder):
        executed = rf"^func \(a \*\w+\) {_capital(operation)}Execute\(.*?\) \((.*?)\) {{$(.*?)^}}$"
        function = re.search(executed, made[name], re.M | re.S)
        if function is None or (
            f"StatusCode == {status}" not in function[2] if status >= "400" else function[1].count(",") != 2
        ):
            yield f"{operation} {status} {kind}"


def lost_by_java(folder: Path, made: dict[str, str]) -> Iterable[str]:
    """Yield the operations whose answer has no type in clients of openapi-generator for Java; refusals are
    one exception there, with the body as text."""
    for name, operation, status, kind in all_of(folder):
        method = rf"public ApiResponse<(\w+).*> {operation}WithHttpInfo\("
        found = re.search(method, made[name])
        if found is None or (status < "400" and found[1] == "Void"):
            yield f"{operation} {status} {kind}"


def lost_by_python(folder: Path, made: dict[str, dict[str, str]]) -> Iterable[str]:
    """Yield the answers that are not read by clients of openapi-python-client: by service, the modules."""
    for name, operation, status, kind in all_of(folder):
        snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation).lower()
        if f"response.status_code == {status}:" not in made[name].get(snake, ""):
            yield f"{operation} {status} {kind}"


def _capital(operation: str) -> str:
    return operation[0].upper() + operation[1:]
