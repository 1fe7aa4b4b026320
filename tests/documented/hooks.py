"""What schemathesis is told of Purveyor: what there is to ask for, and what no documented request is told."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from typing import Any

import schemathesis

KNOWN: dict[str, str] = json.loads(os.environ["PURVEYOR_KNOWN"])
"""Ids and codes of what there is, by the name of the field or parameter that takes them."""
OF_FORM = frozenset({"validation_failed", "value_not_storable"})
"""Codes of refusals of a request's form, which its documentation describes; the others are of rules."""
FORM = re.compile(r"[A-Z](?!tring should have at)")
"""How pydantic begins to say what a schema says too. Our own sentences, which do not begin so, are of more
than form: a check digit, a country's code, a time zone. The characters of a text in its one form, without the
blanks around it, are counted where schemas cannot."""
PROBLEM = "application/problem+json"
OF_HTTP = frozenset({"content-type", "content-length", "date", "connection", "transfer-encoding", "allow"})
"""Fields that HTTP itself gives an answer, and those for browsers: nobody has to be told of them."""
OF_BROWSERS = re.compile("x-content-type-options|referrer-policy|content-security-policy|cache-control")
TIMES = 4
ASKED: Counter[str] = Counter()


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    """Ask for what is the same everywhere of a few operations: methods, headers, parameters of one name."""
    if case.meta is None:
        return True
    found = case.meta.phase.data
    location = getattr(found, "parameter_location", None)
    said = str(getattr(found, "description", ""))
    if location is None:
        of_all = said.startswith("Unspecified HTTP method")
    else:
        of_all = location.value in {"header", "path", "query"}
        said = f"{location.value} {found.parameter} {said}"
    if not of_all or case.meta.generation.mode.is_positive:
        return True
    ASKED[said] += 1
    return ASKED[said] <= TIMES


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Let a request that is well-formed speak of what there is."""
    if case.meta is not None and case.meta.generation.mode.is_positive:
        case.path_parameters = _known(case.path_parameters)
        case.body = _known(case.body)
        case.query = dict(case.query or {}) | _needed(case)


def _needed(case: Any) -> dict[str, str]:
    """Return what a query needs and lacks: a link takes it from an answer, which may not have had it."""
    needed = {
        one["name"]
        for one in case.operation.definition.raw.get("parameters", ())
        if one["in"] == "query" and one.get("required")
    }
    return {name: KNOWN[name] for name in KNOWN.keys() & needed - (case.query or {}).keys()}


def _known(values: Any) -> Any:
    if not isinstance(values, dict):
        return values
    return values | {name: KNOWN[name] for name in KNOWN.keys() & values.keys()}


@schemathesis.serializer("application/x-ndjson")
def ndjson(_context: Any, value: Any) -> bytes:
    """Write a generated body as rows."""
    rows = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _is_of_form(error: dict[str, str]) -> bool:
    """Whether a schema says it too; a policy's value is described by its `value_schema`, not here."""
    return bool(FORM.match(error["detail"])) and not error.get("pointer", "").startswith("/value/")


@schemathesis.check
def what_is_documented_is_well_formed(_context: Any, response: Any, case: Any) -> None:
    """Fail when a request that is as its documentation says is refused for its form."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if PROBLEM not in response.headers.get("content-type", []):
        return
    problem = response.json()
    if problem["code"] in OF_FORM:
        malformed = [error for error in problem.get("errors", [problem]) if _is_of_form(error)]
        assert not malformed, malformed  # how a check fails


@schemathesis.check
def every_code_is_documented(_context: Any, response: Any, case: Any) -> None:
    """Fail when a request is refused by a code that its documentation does not name at this status."""
    answer = case.operation.definition.raw["responses"].get(str(response.status_code))
    if answer is not None and PROBLEM in response.headers.get("content-type", []):
        code = response.json()["code"]
        assert code in answer["x-codes"], f"{response.status_code} is {code}, not of {answer['x-codes']}"


@schemathesis.check
def every_field_of_an_answer_is_documented(_context: Any, response: Any, case: Any) -> None:
    """Fail when an answer carries a field that its documentation does not name."""
    answer = case.operation.definition.raw["responses"].get(str(response.status_code))
    if answer is not None:
        named = {name.lower() for name in answer.get("headers", ())} | OF_HTTP
        unnamed = {name for name in response.headers if not OF_BROWSERS.fullmatch(name)} - named
        assert not unnamed, f"{response.status_code} carries {sorted(unnamed)}"  # how a check fails
