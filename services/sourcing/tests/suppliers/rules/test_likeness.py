"""Names that look like one are told apart from names that are one (UTS 39)."""
# ruff: noqa: RUF001  # look-alikes are what this is about

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.suppliers.rules.likeness import Likeness, likeness, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Аlpha GmbH", "Alpha GmbH"),
        ("Αlpha GmbH", "ALPHA GMBH"),
        ("ВЕТА", "Beta"),
        ("раураl", "PayPal"),
        ("A1pha", "Alpha"),
        ("Nokіa", "Nokia"),
        ("rnicrosoft", "Microsoft"),
        ("Оrsted", "Ørsted"),
    ],
)
def test_characters_that_are_taken_for_each_other_make_names_look_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)
    assert likeness(one, other) is Likeness.LOOKS_ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siemens", "SIEMENS"),
        ("Müller & Söhne", "Muller Sohne"),
        ("Alpha-Beta", "AlphaBeta"),
        ("Łódź S.A.", "Lodz SA"),
        ("Weiß", "WEISS"),
        ("ＡＢＣ", "abc"),
        ("Ørsted", "Orsted"),
    ],
)
def test_names_that_differ_in_case_accents_and_punctuation_are_the_same(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)
    assert likeness(one, other) is Likeness.SAME_NAME


@pytest.mark.parametrize(
    ("one", "other"), [("Alpha", "Alpine"), ("宝钢", "宝武"), ("Nord AG", "Nord GmbH"), ("Плита", "Лампа")]
)
def test_other_names_are_others(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=40))
def test_case_makes_no_other_name_of_one_in_ascii(name: str) -> None:
    assert skeleton(name.upper()) == skeleton(name.lower()) == skeleton(name)
