"""Invoices of others, and the verdicts of the official rules on them: ours are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from procurement.documents.rules.ubl.reading import Part
from procurement.invoices.rules.en16931.checking import IDENTIFIERS, check
from procurement.invoices.rules.reading.files import READERS, read

DATA = Path(__file__).parents[6] / "shared/data/invoices"
"""Invoices of others, beside the repository where there are any."""
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="no invoices of others beside the repository")


def facts(name: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads((DATA / name).read_text())
    return {file.removeprefix("hand/"): said for file, said in found.items()}


def broken(file: str) -> set[str]:
    return {one.rule for one in check(read((DATA / file).read_bytes()))}


def ours(rules: object) -> set[str]:
    assert isinstance(rules, list)
    return set(rules) & IDENTIFIERS


def test_whole_invoices_come_to_what_they_say_and_break_what_the_official_rules_find() -> None:
    for file, said in facts("known-facts-full.json").items():
        found = read((DATA / file).read_bytes())
        amounts = [found.net, found.tax, found.gross, found.payable]
        assert amounts == [Decimal(str(said[name])) for name in ("net", "vat", "gross", "payable")], file
        assert (len(found.lines), found.currency) == (said["lines"], said["cur"]), file
        assert isinstance(said["en16931_failed"], list)
        assert broken(file) == {*said["en16931_failed"], *ours(said["peppol_failed"])}, file


def test_each_invoice_with_one_fault_breaks_exactly_the_official_rules() -> None:
    for file, said in facts("known-facts-invalid.json").items():
        before = {rule for rule in broken(f"full/{said['made_from']}") if rule.startswith("PEPPOL")}
        assert isinstance(said["en16931_failed"], list)
        expected = {*said["en16931_failed"], *ours(said["peppol_newly_failed"])}
        assert broken(file) - (before - expected) == expected, file


def fragments() -> Iterator[tuple[str, bool, set[str]]]:
    """Yield a rule, whether a fragment breaks it, and what we find broken in that."""
    for file in sorted([*(DATA / "en16931-unit").iterdir(), *(DATA / "peppol-unit").iterdir()]):
        for test in etree.fromstring(file.read_bytes()).iter("{*}test"):
            [*_, document] = test
            name = etree.QName(document)
            reader = READERS[name.namespace, name.localname]
            found = {one.rule for one in check(reader(Part(document, name.localname)))}
            for asserted in test.iterfind("{*}assert/*"):
                if asserted.text in IDENTIFIERS:
                    yield asserted.text, etree.QName(asserted).localname == "error", found


def test_the_fragments_of_the_official_rule_tests_are_judged_alike() -> None:
    judged = list(fragments())
    assert [rule for rule, breaks, found in judged if (rule in found) != breaks] == []
    assert len(judged) > 200
