"""Which terms of delivery there are."""

import csv
from pathlib import Path

import pytest

from procurement.terms.rules.incoterms import INCOTERMS_2020, SUCCESSORS, check_incoterm
from purveyor.errors import InvalidError

LISTED = Path(__file__).parents[6] / "shared/data/codes/incoterms-2020.csv"
"""The rules as others list them, beside the repository where there are any."""


def test_there_are_eleven_and_four_of_them_are_for_ships() -> None:
    for_ships = {code for code, rule in INCOTERMS_2020.items() if not rule.any_mode}
    assert (len(INCOTERMS_2020), for_ships) == (11, {"FAS", "FOB", "CFR", "CIF"})
    assert {code for code, rule in INCOTERMS_2020.items() if rule.insurance} == {"CIP", "CIF"}
    assert {code for code, rule in INCOTERMS_2020.items() if rule.import_duty} == {"DDP"}
    assert set(SUCCESSORS.values()) <= set(INCOTERMS_2020)


def test_the_rules_are_those_that_others_list() -> None:
    if not LISTED.exists():
        pytest.skip(f"nobody lists them at {LISTED}")
    with LISTED.open() as file:
        rows = list(csv.DictReader(file))
    said = {
        row["code"]: (
            row["mode"] == "any",
            row["seller_pays_main_carriage"] == "yes",
            row["seller_pays_insurance"] == "yes",
            row["seller_pays_import_duty"] == "yes",
        )
        for row in rows
    }
    ours = {
        code: (rule.any_mode, rule.carriage, rule.insurance, rule.import_duty)
        for code, rule in INCOTERMS_2020.items()
    }
    assert ours == said


@pytest.mark.parametrize("code", sorted(INCOTERMS_2020))
def test_the_rules_of_2020_are_taken(code: str) -> None:
    check_incoterm(code)
    check_incoterm(code, imported=True)


@pytest.mark.parametrize("code", sorted(SUCCESSORS))
def test_older_rules_are_taken_on_imports_only_and_told_what_took_their_place(code: str) -> None:
    check_incoterm(code, imported=True)
    with pytest.raises(InvalidError) as refused:
        check_incoterm(code)
    assert refused.value.detail == f"{code} is no rule of 2020 any more; {SUCCESSORS[code]} took its place."


@pytest.mark.parametrize("imported", [True, False])
@pytest.mark.parametrize("code", ["XXX", "fob", ""])
def test_what_never_was_a_rule_is_none(code: str, imported: bool) -> None:
    with pytest.raises(InvalidError) as refused:
        check_incoterm(code, imported=imported, pointer="/delivery/code")
    assert (refused.value.code, refused.value.errors[0].pointer) == ("incoterm_unknown", "/delivery/code")
