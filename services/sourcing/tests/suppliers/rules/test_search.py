"""How texts are compared when suppliers are searched for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcing.suppliers.rules.search import search_patterns, searchable


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
