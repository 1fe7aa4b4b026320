"""The architecture is a test: a planted violation of each contract is found and named."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = (
    "shared/kernel/src",
    "shared/messaging/src",
    "shared/contract/src",
    "shared/approvals/src",
    "services/sourcing/src",
    "services/procurement/src",
    "services/supplier-performance/src",
    "history/src",
    "cli/src",
)
SERVICES = ("sourcing", "procurement", "supplier_performance")
PROCUREMENT = Path("services/procurement/src/procurement")


@dataclass(frozen=True, slots=True)
class Violation:
    """An import that must not be, and the contract that forbids it."""

    file: Path
    imports: str
    contract: str
    told: str = ""
    """What the contract says of it, where that is not the import."""


VIOLATIONS = {
    "a service imports another": Violation(
        PROCUREMENT / "settings.py", "sourcing.settings", "Services know what is shared"
    ),
    "the kernel imports a service": Violation(
        Path("shared/kernel/src/purveyor/errors.py"), "procurement.settings", "Services know what is shared"
    ),
    "a service imports the command": Violation(
        PROCUREMENT / "settings.py", "purveyor_cli.issuer", "Services know what is shared"
    ),
    "the kernel reads an event": Violation(
        Path("shared/kernel/src/purveyor/jobs.py"), "purveyor_contract.roles", "Services know what is shared"
    ),
    "the kernel imports messaging": Violation(
        Path("shared/kernel/src/purveyor/db.py"), "purveyor_messaging.outbox", "Services know what is shared"
    ),
    "messaging imports the contract": Violation(
        Path("shared/messaging/src/purveyor_messaging/feed.py"),
        "purveyor_contract.roles",
        "Services know what is shared",
    ),
    "the database imports HTTP": Violation(
        Path("shared/kernel/src/purveyor/db.py"), "purveyor.http.problems", "The kernel has floors"
    ),
    "rows import bulk requests": Violation(
        Path("shared/kernel/src/purveyor/http/rows.py"), "purveyor.http.bulk", "HTTP has floors"
    ),
    "the outbox imports the relay": Violation(
        Path("shared/messaging/src/purveyor_messaging/outbox.py"),
        "purveyor_messaging.relay",
        "Messaging has floors",
    ),
    "a history imports a service": Violation(
        Path("history/src/purveyor_history/client.py"), "sourcing.settings", "Services know what is shared"
    ),
    "a history imports messaging": Violation(
        Path("history/src/purveyor_history/client.py"), "purveyor_messaging.feed", "A history is read"
    ),
    "a store takes an HTTP header": Violation(
        PROCUREMENT / "orders/store/rows.py", "purveyor.http.preconditions", "What decides and stores knows"
    ),
    "a command imports its api": Violation(
        PROCUREMENT / "planted/commands.py", "procurement.planted.api", "In a feature, imports run downwards"
    ),
    "an api imports consumers": Violation(
        PROCUREMENT / "planted/api.py", "procurement.planted.consumers", "In a feature, imports run downwards"
    ),
    "a model imports its store": Violation(
        PROCUREMENT / "planted/model.py", "procurement.planted.store", "In a feature, imports run downwards"
    ),
    "a file of a free name imports commands": Violation(
        PROCUREMENT / "planted/schemas.py",
        "procurement.planted.commands",
        "In a feature, imports run downwards",
        "not listed as layers:\n\n- procurement.planted.schemas\n",
    ),
    "a command imports another feature's api": Violation(
        PROCUREMENT / "planted/commands.py", "procurement.other.api", "Across features, commands"
    ),
    "an import imports another feature's api": Violation(
        PROCUREMENT / "orders/imports.py", "procurement.receipts.api", "Across features, commands"
    ),
    "fields import an api": Violation(
        PROCUREMENT / "fields.py", "procurement.orders.api", "What all features stand on"
    ),
    "settings import rules": Violation(
        PROCUREMENT / "settings.py", "procurement.other.rules", "What all features stand on"
    ),
    "a query imports another feature's commands": Violation(
        PROCUREMENT / "planted/queries.py", "procurement.other.commands", "Across features, queries"
    ),
    "a model imports another feature's queries": Violation(
        PROCUREMENT / "planted/model.py", "procurement.other.queries", "Across features, stores and models"
    ),
    "a store imports another feature's views": Violation(
        PROCUREMENT / "planted/store.py", "procurement.other.views", "Across features, stores and models"
    ),
    "a view imports another feature's api": Violation(
        PROCUREMENT / "planted/views.py", "procurement.other.api", "Across features, queries"
    ),
    "suppliers import orders": Violation(
        PROCUREMENT / "suppliers/queries.py",
        "procurement.orders.queries",
        "No circles between the features of procurement",
        ".suppliers -> .orders ",
    ),
    "deliveries import scorecards": Violation(
        Path("services/supplier-performance/src/supplier_performance/deliveries/queries.py"),
        "supplier_performance.scorecards.queries",
        "No circles between the features of supplier performance",
        ".deliveries -> .scorecards ",
    ),
    "suppliers import reviews": Violation(
        Path("services/sourcing/src/sourcing/suppliers/store.py"),
        "sourcing.reviews.store",
        "No circles between the features of sourcing",
        ".suppliers -> .reviews ",
    ),
    "a rule imports a model": Violation(
        PROCUREMENT / "planted/rules.py", "procurement.other.model", "Rules are pure"
    ),
    "a rule imports SQLAlchemy": Violation(PROCUREMENT / "planted/rules.py", "sqlalchemy", "Rules are pure"),
    "a rule of many imports SQLAlchemy": Violation(
        PROCUREMENT / "orders/rules/drafts.py", "sqlalchemy", "Rules are pure"
    ),
    "a rule reads the environment": Violation(PROCUREMENT / "planted/rules.py", "os", "Rules are told all"),
    "a rule of many reads the environment": Violation(
        PROCUREMENT / "orders/rules/drafts.py", "os", "Rules are told all"
    ),
    "a rule leaves something to chance": Violation(
        PROCUREMENT / "planted/rules.py", "random", "Rules are told all"
    ),
    "a rule imports the kernel's database": Violation(
        PROCUREMENT / "planted/rules.py", "purveyor.db", "Rules are pure"
    ),
}


MODULES = ("__init__", "api", "consumers", "commands", "queries", "views", "store", "model", "rules")


def copy_of_the_sources(folder: Path) -> Path:
    """Copy what import-linter reads, with two small features added to procurement."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for source in SOURCES:
        shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns("__pycache__"))
    for feature in ("planted", "other"):
        (folder / PROCUREMENT / feature).mkdir()
        for module in MODULES:
            (folder / PROCUREMENT / feature / f"{module}.py").touch()
    return folder


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a copy of the sources."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(str(folder / source) for source in SOURCES),
        "COLUMNS": "200",
    }
    return subprocess.run(  # noqa: S603  # our own tool on our own copy
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_run_downwards_only(tmp_path: Path) -> None:
    result = lint_imports(copy_of_the_sources(tmp_path))
    assert result.returncode == 0, result.stdout


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what each contract says of a copy with every violation planted, by the contract's name."""
    folder = copy_of_the_sources(tmp_path_factory.mktemp("planted"))
    for violation in VIOLATIONS.values():
        planted = folder / violation.file
        before = planted.read_text() if planted.exists() else ""
        planted.write_text(f"{before}\nimport {violation.imports}\n")
    said = lint_imports(folder)
    assert said.returncode == 1
    headings = re.split(r"^(.+)\n-+$", said.stdout, flags=re.MULTILINE)
    return dict(zip(headings[1::2], headings[2::2], strict=True))


@pytest.mark.parametrize("violation", VIOLATIONS.values(), ids=VIOLATIONS.keys())
def test_a_planted_violation_is_found(violation: Violation, found: dict[str, str]) -> None:
    module = ".".join(violation.file.with_suffix("").parts).partition(".src.")[2]
    [said] = [said for contract, said in found.items() if contract.startswith(violation.contract)]
    assert (violation.told or f"{module} -> {violation.imports} ") in said


CLOCK = re.compile(
    r"utc_now\(|\.now\(|\.utcnow\(|\.today\(|\btime\.(time|time_ns|gmtime|localtime)\(|func\.(now|current_\w+)\("
    r"|\bCURRENT_(DATE|TIME|TIMESTAMP)\b|\bLOCALTIME(STAMP)?\b"
    r"|\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\(\)",
    re.IGNORECASE,
)
"""What tells the time by itself, in Python and in SQL, instead of being told it as `tx.now`."""


def lines_of_services(pattern: str | re.Pattern[str]) -> list[str]:
    """Return the lines of the services' features that match a pattern."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for source in SOURCES
        if source.startswith("services/")
        for path in sorted((ROOT / source).glob("*/*/**/*.py"))
        if "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_nothing_in_a_feature_reads_a_clock() -> None:
    assert lines_of_services(CLOCK) == []


@pytest.mark.parametrize(
    "line",
    [
        "at = utc_now()",
        "at = datetime.now(UTC)",
        "at = datetime.utcnow()",
        "day = date.today()",
        "at = time.time()",
        "at = time.time_ns()",
        "update(Order).values(at=func.now())",
        "SELECT now()",
        "select clock_timestamp()",
        "WHERE due < CURRENT_DATE",
        "WHERE due < current_timestamp",
    ],
)
def test_a_clock_that_is_read_is_found(line: str) -> None:
    assert CLOCK.search(line)


@pytest.mark.parametrize(
    "line", ["at = tx.now", "day = tx.day", "place.today", "moment = clock()", "known()"]
)
def test_a_moment_that_is_told_is_no_clock(line: str) -> None:
    assert not CLOCK.search(line)


def test_commands_never_commit() -> None:
    assert lines_of_services(r"\.(commit|rollback)\(") == []


def test_who_is_refused_a_move_is_told_which_are_allowed() -> None:
    """Of each `wrong_state`, as `docs/words.md` promises of all."""
    told = {}
    for path in (path for folder in SOURCES for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="Refusal")):
                    continue  # which explains the code on the page of problems
                case ast.Call(args=[ast.Constant(value="wrong_state"), *_]):
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    told[place] = any(keyword.arg == "allowed" for keyword in node.keywords)
    assert told
    assert [place for place, is_told in told.items() if not is_told] == []
