"""How texts are compared when suppliers are searched for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcing.suppliers.rules.search import indexed, search_patterns, searchable, whole_words


def test_search_looks_past_case_accents_and_punctuation() -> None:
    assert searchable("Müller & Söhne", "S-000001") == " muller sohne s 000001 "
    assert searchable("Straßenbau") == " strassenbau "
    assert searchable("Ångström", None, "") == " angstrom "


@given(st.text(max_size=40))
def test_what_is_searchable_is_found_by_each_of_its_words(text: str) -> None:
    stored = searchable(text)
    for word in stored.split():
        for pattern in search_patterns(word):
            assert pattern.strip("%") in stored


def test_a_short_word_is_looked_for_where_words_begin() -> None:
    assert search_patterns("3M Österreich") == ["% 3m%", "%osterreich%"]
    assert search_patterns("100%_") == ["%100%"]
    assert search_patterns("%_") == []


@given(st.text(max_size=40))
def test_what_is_compared_is_compared_as_itself(text: str) -> None:
    assert searchable(searchable(text)) == searchable(text)


@given(st.lists(st.sampled_from("łøđæœßþðåäöüéıİŁØĐÆ"), max_size=8).map("".join))
def test_letters_of_one_language_are_found_by_what_is_typed_for_them(word: str) -> None:
    assert searchable(word).strip().isascii()
    for typed in (searchable(word), searchable(word.lower())):
        assert all(pattern.strip("% ") in indexed(word) for pattern in search_patterns(typed))


@given(st.text(max_size=40))
def test_words_that_stand_whole_are_there_in_any_case(text: str) -> None:
    stored = searchable(text)
    assert all(pattern.strip("%") in stored for pattern in whole_words(text))


def test_words_stand_whole_between_blanks() -> None:
    assert whole_words("Łódź 3M-Öl") == ["% lodz %", "% 3m ol %"]
    assert whole_words("钢铁") == ["% 钢 铁 %"]
    assert whole_words("%_") == []
