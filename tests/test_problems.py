"""Every code that the sources raise is on the page of problems, with its status, and no other is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from purveyor.http.problems import HTTP_PROBLEMS
from purveyor.refusals import REFUSALS, ROW, Refusal
from purveyor.service import ServiceContext
from purveyor_cli.services import SERVICE_NAMES, SERVICES
from purveyor_messaging.refusals import REFUSALS as OF_MESSAGING

ROOT = Path(__file__).parents[1]
OF_APPROVALS = ROOT / "shared/approvals/src"
"""Raised by the services alone whose documents are approved in steps."""
SHARED = sorted(set(ROOT.glob("shared/*/src")) - {OF_APPROVALS})
APPROVED_IN_STEPS = {"procurement"}
OF_ROWS = {("row_not_valid", ROW), ("refused_with_others", ROW)}
OF_HTTP = {400, 404, 405, 408, 413, 431, 500, ROW}
"""What any request may be told before it reaches an operation, or what no operation intends."""
FRAMEWORK = {(code, status) for status, (code, _) in HTTP_PROBLEMS.items()}


class Sources:
    """The codes that the modules of some folders raise, each with the status of its error's class."""

    def __init__(self, *folders: Path) -> None:
        self.trees = {path: ast.parse(path.read_text()) for f in folders for path in sorted(f.rglob("*.py"))}
        self.statuses: dict[str, int] = {}
        self.coded: set[str] = set()
        """Classes that know their code: what they are given is something else."""
        self.constants: dict[str, str] = {}
        for tree in self.trees.values():
            self.constants |= dict(_constants(tree))
        for _ in range(3):  # a class may be read before the one that it is made of
            for tree in self.trees.values():
                self.statuses |= dict(self._classes(tree))
        self.shared = {
            name: status
            for tree in self.trees.values()
            for name, status in self._makers(tree)
            if not name.startswith("_")
        }
        """Functions that make an error of a code, and that other modules may call."""

    def _classes(self, tree: ast.Module) -> Iterator[tuple[str, int]]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                own = list(_own_status(node))
                bases = [
                    self.statuses[name] for base in node.bases if (name := ast.unparse(base)) in self.statuses
                ]
                if node.name != "ProblemError" and any(
                    isinstance(part, ast.FunctionDef) and part.name == "__init__" for part in node.body
                ):
                    self.coded.add(node.name)
                if node.name == "ProblemError" or bases:
                    yield node.name, [*own, *bases][0]

    def raised(self, *, within: tuple[Path, ...]) -> set[tuple[str, int]]:
        found: set[tuple[str, int]] = set()
        for path, tree in self.trees.items():
            if any(path.is_relative_to(folder) for folder in within):
                found |= set(self._raised(tree))
        return found

    def _raised(self, tree: ast.Module) -> Iterator[tuple[str, int]]:
        makers = self.shared | dict(self._makers(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name in self.statuses:
                for call in _calls(node):
                    if ast.unparse(call.func) == "super().__init__" and (code := self._text(call)):
                        yield code, self.statuses[node.name]
            elif isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                code = self._text(node)
                if name == "_refuse" and len(node.args) > 1 and isinstance(node.args[0], ast.Constant):
                    yield ast.literal_eval(node.args[1]), int(str(node.args[0].value))
                elif code is not None and name == "NotFoundError":
                    yield f"{code.replace(' ', '_')}_not_found", 404
                elif (
                    code is not None and name not in self.coded and (name in self.statuses or name in makers)
                ):
                    yield code, self.statuses.get(name) or makers[name]

    def _makers(self, tree: ast.Module) -> Iterator[tuple[str, int]]:
        """Yield functions that make an error of a code that they are given first."""
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "code":
                for call in _calls(node):
                    name = ast.unparse(call.func)
                    if name in self.statuses and call.args and ast.unparse(call.args[0]) == "code":
                        yield node.name, self.statuses[name]

    def _text(self, call: ast.Call) -> str | None:
        first = call.args[0] if call.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return first.value
        return self.constants.get(first.id) if isinstance(first, ast.Name) else None


def _own_status(node: ast.ClassDef) -> Iterator[int]:
    for part in node.body:
        match part:
            case (
                ast.Assign(targets=[ast.Name(id="status")], value=ast.Constant(value=int(status)))
                | ast.AnnAssign(target=ast.Name(id="status"), value=ast.Constant(value=int(status)))
            ):
                yield status


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                yield name, text


def _calls(part: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(part) if isinstance(node, ast.Call))


def of_service(name: str) -> tuple[Refusal, ...]:
    """Return the codes that a service has beside those of all."""
    of_all = (*REFUSALS, *OF_MESSAGING)
    return tuple(refusal for refusal in app_of(name).state.refusals if refusal not in of_all)


def app_of(name: str) -> Any:
    """Return a service's API, which has no database to ask."""
    [service] = [service for service in SERVICES if service.name == name]
    settings = service.settings(
        database_url="postgresql://nobody@localhost/nothing", oidc_issuer="https://issuer.example"
    )
    return service.create_app(ServiceContext.create(name, settings))


def told(refusals: tuple[Refusal, ...]) -> set[tuple[str, int]]:
    return {(refusal.code, refusal.status) for refusal in refusals}


def test_what_the_shared_packages_raise_is_on_every_page_and_no_other_code_is() -> None:
    raised = Sources(*SHARED).raised(within=tuple(SHARED)) - {("refused_with_others", 422)}
    assert told((*REFUSALS, *OF_MESSAGING)) == raised | FRAMEWORK | OF_ROWS


@pytest.mark.parametrize("name", SERVICE_NAMES)
def test_what_a_service_raises_is_on_its_page_and_no_other_code_is(name: str) -> None:
    own = ROOT / "services" / name / "src"
    of_all = told((*REFUSALS, *OF_MESSAGING))
    too = (OF_APPROVALS,) if name in APPROVED_IN_STEPS else ()
    raised = Sources(*SHARED, *too, own).raised(within=(own, *too))
    assert told(of_service(name)) - of_all == raised - of_all


def test_each_code_is_met_where_its_status_is_documented() -> None:
    met: set[Refusal] = set()
    for name in SERVICE_NAMES:
        app = app_of(name)
        paths = app.openapi()["paths"]
        for method, path, operation in [(m, p, op) for p, ms in paths.items() for m, op in ms.items()]:
            for refusal in app.state.refusals:
                if refusal.is_met(method, path, operation):
                    met.add(refusal)
                    said = str(refusal.status) in operation["responses"]
                    assert said or refusal.status in OF_HTTP, f"{method} {path} does not tell {refusal.code}"
    every = {*REFUSALS, *OF_MESSAGING, *(one for name in SERVICE_NAMES for one in of_service(name))}
    assert [refusal.code for refusal in every - met if refusal.at] == []


def test_each_entry_says_in_sentences_what_is_the_matter_and_what_to_do() -> None:
    for refusal in (*REFUSALS, *OF_MESSAGING, *(one for name in SERVICE_NAMES for one in of_service(name))):
        assert re.fullmatch(r"[a-z][a-z_]+", refusal.code)
        for text in (refusal.means, refusal.remedy):
            assert re.fullmatch(r"[A-Z`].+\.", text), f"{refusal.code}: {text}"
