"""An opener's key and share, on the opener's own machine."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from typer.testing import CliRunner

from purveyor_cli.main import app
from sourcing.openings.store import keys

RUNNER = CliRunner()


def test_an_opener_makes_a_key_once_and_opens_the_own_share_by_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    made = RUNNER.invoke(app, ["tenders", "make-key", str(file)])
    assert made.exit_code == 0, made.output
    assert file.stat().st_mode & 0o077 == 0
    assert RUNNER.invoke(app, ["tenders", "make-key", str(file)]).exit_code == 1, "there is one"
    public, tender_id = keys.public_key(made.output.strip()), uuid4()
    assert public is not None
    (share,) = keys.make(tender_id, {"olga": public}, 1).shares
    command = ["tenders", "open-share", str(file), keys.written(share.sealed), "--tender", str(tender_id)]
    found = RUNNER.invoke(app, [*command, "--person", "olga"])
    assert found.exit_code == 0, found.output
    opened = keys.unwritten(found.output.strip())
    assert opened is not None
    assert keys.digest_of(tender_id, opened) == share.digest
    for wrong in ([*command, "--person", "otto"], [*command[:3], "?", *command[4:], "--person", "olga"]):
        assert RUNNER.invoke(app, wrong).exit_code == 1
    assert RUNNER.invoke(app, ["tenders", "open-share", str(tmp_path / "none"), *command[3:],
                               "--person", "olga"]).exit_code == 1  # fmt: skip
