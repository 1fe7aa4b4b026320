"""`purveyor invoices check` shows what invoices in files come to, and which rules they break."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from purveyor_cli.main import app

DATA = Path(__file__).parents[3] / "shared/data/invoices"
"""Invoices of others, beside the repository where there are any."""


def checked(*arguments: object) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["invoices", "check", *map(str, arguments)])
    return done.exit_code, done.output.splitlines()


@pytest.mark.skipif(not DATA.exists(), reason="no invoices of others beside the repository")
def test_amounts_and_broken_rules_of_each_file_are_printed() -> None:
    code, lines = checked(DATA / "full")
    assert (code, len(lines)) == (3, 42)
    assert (
        "peppol_base-example.xml: net 1325, VAT 331.25, gross 1656.25, payable 1656.25 EUR: no rule broken"
        in lines
    )
    [wrong] = [line for line in lines if line.startswith("xrechnung_05.01a")]
    assert wrong.endswith("payable 366.86 EUR: BR-CO-16")


def test_what_cannot_be_read_is_said_and_the_others_are_shown(tmp_path: Path) -> None:
    (tmp_path / "bomb.xml").write_text('<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>')
    (tmp_path / "empty.xml").write_text(
        "<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>"
    )
    code, lines = checked("--details", tmp_path)
    assert code == 3
    assert lines[0].startswith("bomb.xml: cannot be read (doctype)")
    assert lines[1].startswith("empty.xml: net ?, VAT ?, gross ?, payable ? ?: BR-01, BR-02")
    assert "  BR-16 BG-25 / is None: Say at least one line." in lines


def test_a_folder_without_invoices_is_said_to_have_none(tmp_path: Path) -> None:
    code, lines = checked(tmp_path)
    assert (code, lines) == (1, [f"error: {tmp_path} has no files that end in .pdf or .xml."])
