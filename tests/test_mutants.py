"""The rules of every feature have tests of their own, and what those do not notice is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.mutants import ROOT, features, place_of_tests, survivors

RULES = """
def may_borrow(age: int) -> bool:
    return age >= 6

def may_reserve(age: int) -> bool:
    return age >= 12
"""
TESTS = """
from toy.books.rules import may_borrow, may_reserve

def test_children_of_school_age_borrow_books():
    assert may_borrow(6)
    assert not may_borrow(5)

def test_grown_ups_reserve_books():
    assert may_reserve(18)
"""


@pytest.mark.parametrize("feature", features(), ids=lambda feature: str(feature.relative_to(ROOT)))
def test_rules_have_tests_where_they_are_looked_for(feature: Path) -> None:
    assert place_of_tests(feature).exists()


def test_a_change_that_no_test_notices_is_shown(tmp_path: Path) -> None:
    feature, tests = tmp_path / "lending/src/toy/books", tmp_path / "lending/tests/books"
    feature.mkdir(parents=True)
    tests.mkdir(parents=True)
    (feature / "rules.py").write_text(RULES)
    (tests / "test_rules.py").write_text(TESTS)
    (tmp_path / "copy").mkdir()

    tried, unnoticed = survivors(feature, tmp_path / "copy")

    assert tried == 4
    assert len(unnoticed) == 2
    assert all("-    return age >= 12" in difference for difference in unnoticed)
