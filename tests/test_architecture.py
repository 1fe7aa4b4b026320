"""The architecture is a test: a planted violation of each contract is found and named."""

from __future__ import annotations

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
    "a command imports its api": Violation(
        PROCUREMENT / "planted/commands.py", "procurement.planted.api", "In a feature, imports run downwards"
    ),
    "an api imports consumers": Violation(
        PROCUREMENT / "planted/api.py", "procurement.planted.consumers", "In a feature, imports run downwards"
    ),
    "a command imports another feature's api": Violation(
        PROCUREMENT / "planted/commands.py", "procurement.other.api", "Across features, commands"
    ),
    "a query imports another feature's commands": Violation(
        PROCUREMENT / "planted/queries.py", "procurement.other.commands", "Across features, queries"
    ),
    "a model imports another feature's queries": Violation(
        PROCUREMENT / "planted/model.py", "procurement.other.queries", "Across features, models"
    ),
    "suppliers import orders": Violation(
        PROCUREMENT / "suppliers/queries.py",
        "procurement.orders.queries",
        "No circles between the features",
    ),
    "deliveries import scorecards": Violation(
        Path("services/supplier-performance/src/supplier_performance/deliveries/queries.py"),
        "supplier_performance.scorecards.queries",
        "No circles between the features",
    ),
    "suppliers import reviews": Violation(
        Path("services/sourcing/src/sourcing/suppliers/store.py"),
        "sourcing.reviews.store",
        "No circles between the features",
    ),
    "a rule imports a model": Violation(
        PROCUREMENT / "planted/rules.py", "procurement.other.model", "Rules are pure"
    ),
    "a rule imports the database": Violation(
        PROCUREMENT / "planted/rules.py", "sqlalchemy", "Rules are pure"
    ),
}


def copy_of_the_sources(folder: Path) -> Path:
    """Copy what import-linter reads, with two small features added to procurement."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for source in SOURCES:
        shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns("__pycache__"))
    for feature in ("planted", "other"):
        (folder / PROCUREMENT / feature).mkdir()
        for module in ("__init__", "api", "consumers", "commands", "queries", "model", "rules"):
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


@pytest.mark.parametrize("violation", VIOLATIONS.values(), ids=VIOLATIONS.keys())
def test_a_planted_violation_is_found(violation: Violation, tmp_path: Path) -> None:
    planted = copy_of_the_sources(tmp_path) / violation.file
    planted.write_text(f"{planted.read_text()}\nimport {violation.imports}\n")

    result = lint_imports(tmp_path)

    assert result.returncode == 1
    broken = [line for line in result.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(violation.contract in line for line in broken), result.stdout
    circle = violation.imports.split(".")[-2:][0]  # circles are told by their features only
    assert violation.imports in result.stdout or f"-> .{circle} " in result.stdout


def lines_below_commands(pattern: str, *names: str) -> list[str]:
    """Return the lines of the services' files of these names that match a pattern."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for source in SOURCES
        if source.startswith("services/")
        for name in names
        for path in sorted((ROOT / source).rglob(name))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_nothing_in_a_feature_reads_a_clock() -> None:
    clock = r"utc_now\(|\.now\(|\.utcnow\(|\.today\(|time\.time\(|\bCURRENT_(DATE|TIMESTAMP)\b|\bnow\(\)"
    below_the_routes = ("commands", "queries", "views", "store", "model", "rules")
    names = [name for part in below_the_routes for name in (f"{part}.py", f"{part}/*.py")]
    assert lines_below_commands(clock, *names) == []


def test_commands_never_commit() -> None:
    assert lines_below_commands(r"\.(commit|rollback)\(", "*.py") == []
