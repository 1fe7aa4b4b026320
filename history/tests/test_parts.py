"""A file that is read in parts says what it says as a whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from history.tests.test_reading import TODAY, mapping, written

from purveyor_history import parts as reading_parts
from purveyor_history.bringing import Journal, read_only
from purveyor_history.documents import History
from purveyor_history.mapping import Mapping, load_mapping
from purveyor_history.parts import Parts, in_parts
from purveyor_history.reading import read_history
from purveyor_history.report import Report, report_on

EXAMPLES = Path(__file__).parents[2] / "examples"
SAMPLE = EXAMPLES / "history" / "halden-pumps.csv"


def documents(history: History) -> dict[str, Any]:
    """Return what a history brings, but for the suppliers."""
    return {
        "orders": history.orders,
        "receipts": history.receipts,
        "refusals": {(remark.line, remark.column, remark.reason) for remark in history.refusals},
        "places": history.places,
    }


def together(parts: Parts) -> dict[str, Any]:
    """Return what parts bring together; nothing is in two of them."""
    found: dict[str, Any] = {"orders": {}, "receipts": {}, "refusals": set(), "places": {}}
    for number in range(len(parts)):
        for kind, some in documents(parts.read(number)).items():
            assert not set(some) & set(found[kind])
            found[kind] |= some
    return found


@pytest.mark.parametrize("size", [2_000, 20_000, 100_000])
def test_parts_bring_together_what_the_whole_file_brings(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    by = load_mapping(EXAMPLES / "mappings" / "halden-pumps.toml")
    whole = read_history(SAMPLE, by, today=TODAY)
    monkeypatch.setattr(reading_parts, "BYTES_A_PART", size)
    with in_parts(SAMPLE, by, today=TODAY) as parts:
        assert len(parts) > 1
        assert together(parts) == documents(whole)
        assert parts.whole.suppliers == whole.suppliers
        assert parts.whole.since == whole.known_since()
        assert set(parts.whole.sites.values()) == set(whole.sites)
        report, alone = read_only(parts, by), report_on(whole, None, by)
    assert (report.rows, report.imported, report.refused) == (alone.rows, alone.imported, alone.refused)
    assert report.received_value == alone.received_value
    assert report.refusals == sorted(alone.refusals, key=lambda remark: remark.line)


def test_a_supplier_is_in_every_part_as_the_whole_file_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"PO": f"P-{number}", "Group": f"g{number}"} for number in range(40)]
    rows[7]["Vendor"] = rows[9]["Vendor"] = "Other"
    file = written(tmp_path, *(row | {"Ordered": f"{1 + at % 19:02}.02.2026"} for at, row in enumerate(rows)))
    monkeypatch.setattr(reading_parts, "BYTES_A_PART", 400)
    with in_parts(file, mapping(), today=TODAY) as parts:
        read = [parts.read(number) for number in range(len(parts))]
        known = [history.suppliers["Norrvik"] for history in read if "Norrvik" in history.suppliers]
        assert len(known) > 2
        assert all(len(supplier.categories) == 38 for supplier in known)
        assert {history.known_since()["Norrvik"] for history in read} == {date(2026, 2, 1)}


def test_a_name_that_differs_between_parts_is_kept_as_it_stands_first_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = mapping().model_dump(exclude_unset=True)
    by["supplier"]["reference"] = {"constant": "V-1"}
    named = Mapping.model_validate(by)
    file = written(tmp_path, *({"PO": f"P-{number}", "Vendor": f"Name {number}"} for number in range(12)))
    monkeypatch.setattr(reading_parts, "BYTES_A_PART", 300)
    with in_parts(file, named, today=TODAY) as parts:
        assert len(parts) > 2
        assert parts.whole.suppliers["V-1"].legal_name == "Name 0"
        report = read_only(parts, named)
    assert {remark.line for remark in report.warnings if "the name of before is kept" in remark.reason} >= {
        13
    }


def test_a_journal_is_of_one_file_and_a_line_that_was_cut_off_counts_for_nothing(tmp_path: Path) -> None:
    file, note = written(tmp_path, {"PO": "1"}), tmp_path / "journal"
    urls = {"procurement": "http://here"}
    journal = Journal(note, file, mapping(), urls, 3)
    journal.note(0, Report(5, imported=5))
    journal.note(1, Report(4, imported=4))
    note.write_bytes(note.read_bytes()[:-20])
    assert journal.reports() == {0: Report(5, imported=5)}
    journal.note(2, Report(3, imported=3))
    assert journal.reports() == {0: Report(5, imported=5), 2: Report(3, imported=3)}
    assert Journal(note, file, mapping(), {"procurement": "http://there"}, 3).reports() == {}
    assert Journal(note, file, mapping(), urls, 4).reports() == {}
    written(tmp_path, {"PO": "2"})
    assert Journal(note, file, mapping(), urls, 3).reports() == {}
