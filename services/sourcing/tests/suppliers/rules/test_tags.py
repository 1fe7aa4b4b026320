"""Tags have one form, are each there once, and are edited in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import InvalidError
from sourcing.suppliers.rules.tags import LONGEST, MOST_TAGS, folded, tagged

SOME = st.lists(st.sampled_from("abcdefgh"), max_size=6)


@pytest.mark.parametrize(
    ("stated", "tag"),
    [
        ("Key Account", "key account"),
        ("  KEY \t account ", "key account"),
        ("Straße", "strasse"),
        ("\uff2b\uff25\uff39", "key"),
        ("a\u200db", "ab"),
    ],
)
def test_spellings_of_a_tag_are_one(stated: str, tag: str) -> None:
    assert folded(stated) == tag


@pytest.mark.parametrize("stated", ["\u200d", " ", "ß" * LONGEST])
def test_a_tag_has_to_say_something_in_its_one_form_and_not_too_much(stated: str) -> None:
    with pytest.raises(ValueError, match="once it is folded"):
        folded(stated)


@given(st.text(max_size=LONGEST))
def test_what_is_folded_stays_as_it_is(stated: str) -> None:
    try:
        once = folded(stated)
    except ValueError:
        return
    assert folded(once) == once


def test_a_tag_of_the_longest_form_is_one() -> None:
    assert folded("x" * LONGEST) == "x" * LONGEST


@given(SOME, SOME, SOME)
def test_an_edit_adds_and_removes_and_leaves_the_rest(
    tags: list[str], add: list[str], remove: list[str]
) -> None:
    found = tagged(tags, add, remove)
    assert found == sorted(set(found))
    assert set(add) <= set(found)
    assert not (set(remove) - set(add)) & set(found)
    assert set(found) - set(add) == set(tags) - set(remove) - set(add)
    assert tagged(found, add, remove) == found


@given(SOME, st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("efgh")))
def test_edits_of_different_tags_come_to_the_same_in_either_order(
    tags: list[str], hers: set[str], his: set[str]
) -> None:
    assert tagged(tagged(tags, hers, ()), (), his) == tagged(tagged(tags, (), his), hers, ())


def test_a_supplier_has_so_many_tags_and_no_more() -> None:
    many = [f"tag {number}" for number in range(MOST_TAGS)]
    assert tagged(many[:-1], many[-1:], ()) == sorted(many)
    assert len(tagged(many, ["another"], many[:1])) == MOST_TAGS
    with pytest.raises(InvalidError, match="may have 20") as refused:
        tagged(many, ["another"], ())
    assert refused.value.code == "too_many_tags"
