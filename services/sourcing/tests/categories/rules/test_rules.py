"""The tree, and the codes of classifications, as properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import InvalidError
from sourcing.categories.rules.codes import cpv, unspsc
from sourcing.categories.rules.definitions import check_names, check_new_code, found_by
from sourcing.categories.rules.tree import MOST_LEVELS, Tree, covering

CODES = st.sampled_from("abcdefgh")
MOVES = st.lists(st.tuples(CODES, st.none() | CODES), max_size=40)


def moved(moves: list[tuple[str, str | None]]) -> Tree:
    """Return the tree that some moves make, each of them done where it may be."""
    tree = Tree(dict.fromkeys("abcdefgh"))
    for code, parent in moves:
        if parent is None or tree.why_not(code, parent) is None:
            tree.place(code, parent)
    return tree


@given(MOVES)
def test_no_moves_make_a_circle(moves: list[tuple[str, str | None]]) -> None:
    tree = moved(moves)
    for code in "abcdefgh":
        assert code not in tree.ancestors(code)
        assert code in tree
        assert tree.levels(code) + len(tree.ancestors(code)) <= 8


@given(MOVES, CODES, CODES)
def test_a_category_lies_in_another_unless_that_lies_in_it(
    moves: list[tuple[str, str | None]], code: str, parent: str
) -> None:
    tree = moved(moves)
    circular = code == parent or code in tree.ancestors(parent)
    why_not = tree.why_not(code, parent)
    assert (why_not is not None) == circular
    if why_not is not None:
        assert why_not.startswith(f"{code} cannot lie in ")


@given(MOVES)
def test_a_tree_made_by_moves_is_the_one_that_was_read(moves: list[tuple[str, str | None]]) -> None:
    tree = moved(moves)
    parents = {code: next(iter(tree.ancestors(code)), None) for code in "abcdefgh"}
    again = Tree(parents)
    assert [(again.ancestors(code), again.levels(code)) for code in parents] == [
        (tree.ancestors(code), tree.levels(code)) for code in parents
    ]


def test_a_refusal_names_the_way_round() -> None:
    tree = Tree({"a": None, "b": "a", "c": "b"})
    assert tree.why_not("a", "c") == "a cannot lie in c, which lies in it: c in b in a."
    assert tree.why_not("a", "a") == "a cannot lie in itself."


@given(st.integers(1, MOST_LEVELS), st.integers(1, MOST_LEVELS))
def test_no_tree_is_deeper_than_the_most_levels(above: int, below: int) -> None:
    chains = {f"{name}{n}": f"{name}{n - 1}" if n else None for name in "ab" for n in range(MOST_LEVELS)}
    tree = Tree(chains)
    tree.place(f"b{MOST_LEVELS - below}", None)
    why_not = tree.why_not(f"b{MOST_LEVELS - below}", f"a{above - 1}")
    assert (why_not is None) == (above + below <= MOST_LEVELS)
    if why_not is not None:
        assert why_not == f"There would be {above + below} levels, and 20 is the most."


def test_what_is_read_as_a_circle_ends() -> None:
    tree = Tree({"a": "b", "b": "a"})
    assert (tree.ancestors("a"), tree.levels("a")) == (("b", "a"), 2)


def test_an_approval_covers_what_lies_in_its_category() -> None:
    ancestors = {"bolts": ("fasteners", "metals")}
    assert covering("bolts", ancestors) == ("bolts", "fasteners", "metals")
    assert covering("unheard-of", ancestors) == ("unheard-of",)


@pytest.mark.parametrize("code", ["03000000-1", "03111100-3", "44530000-4", "44531400-5", "72000000-5"])
def test_codes_of_the_cpv_are_checked_by_their_last_digit(code: str) -> None:
    assert cpv(code) == cpv(code[:8]) == cpv(code.replace("-", "")) == code
    wrong = f"{code[:9]}{(int(code[9]) + 1) % 10}"
    with pytest.raises(ValueError, match=rf"^is no CPV code: its last digit would be {code[9]}$"):
        cpv(wrong)


@pytest.mark.parametrize("stated", ["4453000", "00530000", "44530000-44", "4453000x", "٤٤٥٣٠٠٠٠"])
def test_what_is_no_code_of_the_cpv_is_refused(stated: str) -> None:
    with pytest.raises(ValueError, match=r"^is no CPV code: those have 8 digits and one that checks them"):
        cpv(stated)


@given(st.lists(st.integers(10, 99), min_size=1, max_size=4))
def test_a_code_of_the_unspsc_says_its_levels_from_the_top(levels: list[int]) -> None:
    code = "".join(map(str, levels)).ljust(8, "0")
    assert unspsc(f"{code[:4]} {code[4:6]}-{code[6:]}") == code


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ("3116150", "is no code of the UNSPSC: those have 8 digits, such as 31161500"),
        ("00161500", "is no code of the UNSPSC: below 00 there is nothing, and 00161500 says otherwise"),
        ("31001500", "is no code of the UNSPSC: below 00 there is nothing, and 31001500 says otherwise"),
        ("31160001", "is no code of the UNSPSC: below 00 there is nothing, and 31160001 says otherwise"),
    ],
)
def test_what_is_no_code_of_the_unspsc_is_refused(stated: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"^{why}$"):
        unspsc(stated)


def test_a_category_has_one_name_in_each_language() -> None:
    with pytest.raises(InvalidError, match="A category has one name in each language") as refused:
        check_names([{"language": one, "name": "x"} for one in ("de", "en", "de")])
    assert [(e.pointer, e.detail) for e in refused.value.errors] == [
        ("/names/2/language", "has a name in de already")
    ]
    check_names([{"language": one, "name": "x"} for one in ("de", "en")])


def test_new_codes_are_in_small_letters() -> None:
    check_new_code("hex-bolts-8")
    with pytest.raises(InvalidError, match="A new category has a code in small letters: hex-bolts"):
        check_new_code("Hex-Bolts")


def test_it_is_found_by_its_code_and_its_names() -> None:
    names = [{"language": "de", "name": "Schrauben & Ärger"}, {"language": "en", "name": "BOLTS"}]
    assert found_by("hex-8", {"names": names}) == ["8", "bolts", "hex", "schrauben", "ärger"]
