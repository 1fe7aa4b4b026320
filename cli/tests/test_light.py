"""A command starts at once: what it does not need to begin with, it does not read.

Seconds depend on the machine; what is imported does not.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from purveyor_cli.main import COMMANDS

PLATFORM = {
    "aiokafka",
    "alembic",
    "asyncpg",
    "cryptography",
    "fastapi",
    "httpx",
    "jwt",
    "opentelemetry",
    "procurement",
    "prometheus_client",
    "purveyor_history",
    "purveyor_messaging",
    "sourcing",
    "sqlalchemy",
    "structlog",
    "supplier_performance",
    "uvicorn",
    "uvloop",
}
"""What takes long to read, each a tenth of a second or more; typer itself brings pydantic and rich."""
READ_AFTERWARDS = """
import sys
from typer.testing import CliRunner
from purveyor_cli.main import Commands, app
for arguments in {lines!r}:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == {code}, result.output
print(*sorted({watched!r} & {{name.partition(".")[0] if {whole} else name for name in sys.modules}}))
"""


def read_by(*lines: list[str], watched: set[str], code: int = 0, whole: bool = True) -> str:
    """Return which of the modules a process has read after it was given these commands."""
    program = READ_AFTERWARDS.format(lines=lines, watched=watched, code=code, whole=whole)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def subcommands() -> list[list[str]]:
    return [
        ["events", "verify", "--help"],
        ["events", "recover", "--help"],
        ["import", "history", "--help"],
        ["jobs", "run", "--help"],
        ["audit", "erase", "--help"],
        ["settings", "show", "--help"],
        ["serve", "worker", "--help"],
    ]


def test_no_command_reads_the_platform_before_it_works() -> None:
    helps = [[name, "--help"] for name in COMMANDS]
    assert read_by(*helps, *subcommands(), watched=PLATFORM) == ""


def test_a_token_is_signed_with_nothing_read_but_what_signs(tmp_path: Path) -> None:
    asked = ["token", "--role", "buyer", "--data-dir", str(tmp_path)]
    assert read_by(asked, watched=PLATFORM) == "cryptography jwt"


@pytest.mark.parametrize("command", [["events", "parked"], ["events", "tail", "--service", "sourcing"]])
def test_a_look_at_databases_reads_no_api(command: list[str], tmp_path: Path) -> None:
    apis = {f"{name}.main" for name in ("sourcing", "procurement", "supplier_performance")}
    asked = [*command, "--data-dir", str(tmp_path)]
    assert read_by(asked, watched=apis, code=1, whole=False) == ""
