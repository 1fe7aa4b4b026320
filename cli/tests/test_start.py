"""What a process is told and cannot work with, it says in a sentence when it starts, and ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner

from purveyor_cli.main import app

COMMANDS = [
    ("serve", "api", "--service", "procurement"),
    ("serve", "worker", "--service", "procurement"),
    ("migrate", "--service", "procurement"),
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    keys = tmp_path / "keys.json"
    keys.write_text('{"keys": []}')
    monkeypatch.setenv("PURVEYOR_OIDC_ISSUER", "https://issuer.test")
    monkeypatch.setenv("PURVEYOR_OIDC_JWKS_FILE", str(keys))
    monkeypatch.setenv("PURVEYOR_KAFKA_BOOTSTRAP_SERVERS", "localhost:9")
    return monkeypatch


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("told", ["DATABASE_URL", "DATABASE_URL_FILE"])
def test_a_pooler_that_forgets_what_it_is_told_ends_the_start_in_a_sentence(
    command: tuple[str, ...], told: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def through_a_pooler(url: str, **options: Any) -> None:
        raise asyncpg.ProtocolViolationError("unsupported startup parameter: transaction_timeout")

    url = "postgresql://user:secret@pooler/name"
    (tmp_path / "url").write_text(f"{url}\n")
    environment.setenv(f"PURVEYOR_{told}", str(tmp_path / "url") if told.endswith("FILE") else url)
    environment.setattr(asyncpg, "connect", through_a_pooler)
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("error: The database of procurement: What a session is told does not")
    assert "PgBouncer does not" in result.stderr
    assert "secret" not in result.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_file_of_a_secret_that_is_not_there_ends_the_start_in_a_sentence(
    command: tuple[str, ...], environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("PURVEYOR_DATABASE_URL_FILE", "/nowhere/url")
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "PURVEYOR_DATABASE_URL_FILE cannot be read" in result.stderr


def test_a_token_for_an_import_elsewhere_can_come_from_a_file(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    urls = [f"--url={name}=https://a.example" for name in ("sourcing", "procurement", "supplier-performance")]
    file, mapping = tmp_path / "no.csv", "examples/mappings/halden-pumps.toml"
    sample = "examples/history/halden-pumps.csv"
    environment.setenv("PURVEYOR_TOKEN_FILE", str(file))
    result = CliRunner().invoke(app, ["import", "history", sample, "--mapping", mapping, *urls])
    assert "PURVEYOR_TOKEN_FILE cannot be read" in result.stderr
