"""The keys of bank accounts: made once, rotated with the older ones behind, each given to its service."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from typer.testing import CliRunner

from purveyor_cli import bank_keys
from purveyor_cli.main import app
from purveyor_contract.bank_details import BankDetails, opened, read_keys, seal

IDS = {"account_id": UUID(int=1), "supplier_id": UUID(int=2)}
DETAILS = BankDetails(
    **IDS, holder="Muster GmbH", currency="EUR", country="DE", iban="DE89370400440532013000"
)
RUNNER = CliRunner()


def test_what_was_sealed_before_a_rotation_opens_after_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert RUNNER.invoke(app, ["bank-keys", "rotate", str(folder)]).exit_code == 1, "there are none"
    made = RUNNER.invoke(app, ["bank-keys", "make", str(folder)])
    assert made.exit_code == 0, made.output
    before = bank_keys.kept_in(folder)
    assert RUNNER.invoke(app, ["bank-keys", "make", str(folder)]).exit_code == 1, "there are some"
    assert RUNNER.invoke(app, ["bank-keys", "rotate", str(folder)]).exit_code == 0
    after = bank_keys.kept_in(folder)
    for keys in (before, after):
        sealed = seal(DETAILS, read_keys(keys.public))
        assert opened(sealed, read_keys(after.private), **IDS) == DETAILS
    assert after.numbers.endswith(f",{before.numbers}")
    assert after.digest == before.digest
    assert '"d":' not in after.public
    assert {file.stat().st_mode & 0o077 for file in folder.iterdir()} == {0}
    assert before.digest not in repr(before)
    assert "bank_account_private_keys" not in before.settings["sourcing"]
