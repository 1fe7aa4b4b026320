"""How much names resemble each other, as people see it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.duplicates.rules import CERTAIN, DuplicateNames, Resemblance, pair, probe, resembles

THRESHOLD = DuplicateNames().score
WORDS = st.lists(
    st.sampled_from(["nord", "pumpen", "werk", "zahnrad", "kestrel", "2"]), min_size=1, max_size=4
)
NAMES = st.one_of(WORDS.map(" ".join), st.text(min_size=1, max_size=30))


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Müller GmbH", "MULLER, GmbH", Resemblance.SAME_NAME),
        ("Alpha GmbH", "A1pha GmbH", Resemblance.LOOKS_ALIKE),
        ("Müller GmbH & Co. KG", "Müller AG", Resemblance.OTHER_LEGAL_FORM),
        ("OOO Zenit", "Zenit Ltd.", Resemblance.OTHER_LEGAL_FORM),
        ("Pumpen Nord AG", "Nord Pumpen GmbH", Resemblance.OTHER_ORDER),
        ("Zahnradwerk Nord AG", "Zahnrad Werk Nord AG", Resemblance.SAME_NAME),
        ("Zahnradwerk Nord AG", "Zahnrad Werk Nord GmbH", Resemblance.SPELT_ALIKE),
        ("Schraubenwerk Nord AG", "Schraubenwrek Nord AG", Resemblance.SPELT_ALIKE),
    ],
)
def test_names_that_may_be_one_companys_say_why(one: str, other: str, reason: Resemblance) -> None:
    alike = resembles(one, other)
    assert alike is not None
    assert (alike.reason, alike.score >= THRESHOLD) == (reason, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nord Pumpen AG", "Nord Ventile AG"),
        ("Werk 1 GmbH", "Werk 2 GmbH"),
        ("ABB AG", "ABC AG"),
        ("Siemens AG", "Siemens Energy AG"),
        ("China Steel Trading Co Ltd", "China Cotton Trading Co Ltd"),
    ],
)
def test_names_of_two_companies_are_not_flagged(one: str, other: str) -> None:
    alike = resembles(one, other)
    assert alike is None or alike.score < THRESHOLD


@given(NAMES, NAMES)
def test_two_names_resemble_each_other_alike_whichever_is_asked_of(one: str, other: str) -> None:
    found = resembles(one, other)
    assert found == resembles(other, one)
    assert pair(one, other) == pair(other, one)
    if found is not None:
        assert Decimal(0) < found.score <= Decimal(100)
        assert (found.reason in CERTAIN) == (found.score > 96)


@given(NAMES)
def test_a_name_is_itself(name: str) -> None:
    found = resembles(name, name)
    assert found is not None
    assert found.reason is Resemblance.SAME_NAME


def test_what_is_looked_for_leaves_out_the_legal_form() -> None:
    assert probe("Müller & Söhne GmbH") == "muller sohne"
    assert probe("北京科技有限公司") == "北 京 科 技 有 限 公 司"
