"""Texts enter in one form, and what nobody can see does not enter (of each field: its service's tests)."""
# ruff: noqa: RUF001  # look-alikes are what this is about

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from purveyor.texts import (
    PLAIN,
    Code,
    HeaderKey,
    ItemCode,
    Line,
    Name,
    Prose,
    Reference,
    comparable,
    shows,
    words_of,
)
from purveyor.unseen import is_unseen

KINDS = {
    kind: TypeAdapter[str](kind_type)
    for kind, kind_type in {
        "code": Code,
        "reference": Reference,
        "name": Name,
        "line": Line,
        "prose": Prose,
        "header": HeaderKey,
    }.items()
}


def refusal(kind: str, text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        KINDS[kind].validate_python(text)
    return str(refused.value.errors()[0]["msg"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "spellings",
    [
        ("Caf\u00e9", "Cafe\u0301"),
        ("\u00c5-1", "A\u030a-1", "\u212b-1"),
        ("한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
    ],
)
def test_one_text_composed_and_decomposed_is_one(kind: str, spellings: tuple[str, ...]) -> None:
    assert {KINDS[kind].validate_python(spelling) for spelling in spellings} == {spellings[0]}


def test_keys_are_one_in_full_and_half_width_and_names_stay_as_their_owner_writes_them() -> None:
    assert KINDS["code"].validate_python("ＨＡＭ－１") == "HAM-1"
    assert KINDS["reference"].validate_python("\u3000４７１１ ") == "4711"
    assert KINDS["name"].validate_python("カタカナ工業㈱") == "カタカナ工業㈱"


def test_a_code_may_have_a_slash_and_an_items_code_a_comma() -> None:
    assert KINDS["code"].validate_python("HR/IT") == "HR/IT"
    assert TypeAdapter(ItemCode).validate_python("Bolt, M8") == "Bolt, M8"


def test_a_key_in_a_header_is_one_however_its_bytes_are_read() -> None:
    sent = "Bestellung-ü"
    as_read = sent.encode().decode("latin-1")
    assert KINDS["header"].validate_python(as_read) == sent == KINDS["header"].validate_python(sent)


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("name", "Al\u202epha", "holds U+202E RIGHT-TO-LEFT OVERRIDE as character 3, which cannot be seen"),
        ("code", "A\u200b1", "holds U+200B ZERO WIDTH SPACE as character 2, which cannot be seen"),
        ("reference", "A\x001", "holds U+0000 as character 2, a control character"),
        ("line", "a\u2028b", "holds U+2028 LINE SEPARATOR as character 2, a line separator"),
        ("name", "A\ue000", "holds U+E000 as character 2, which means something else on every machine"),
        ("name", "A\u0378", "holds U+0378 as character 2, which Unicode has not assigned"),
        ("reference", "A\ufffd", "stands for what was lost when the text was read in a wrong encoding"),
        (
            "prose",
            "good\u2067dab",
            "holds U+2067 RIGHT-TO-LEFT ISOLATE as character 5, which turns the direction",
        ),
        ("name", "4711", "needs a letter"),
        ("name", "\u3164", "holds U+3164 HANGUL FILLER"),
        ("prose", "\u200b\u200d", "needs something to read"),
        ("code", "fasteners, seals", "holds ',', as a list does, and is one key: state several as a list"),
        ("code", "fasteners；seals", "holds ';', as a list does"),
        ("code", "fasteners | seals", "holds '|', as a list does"),
        ("code", "fasteners / seals", "holds '/', as a list does"),
        ("code", '["fasteners"', "holds '[', as what is written around a list"),
        ("code", '"seals"', "holds '\"', as what is written around a list"),
        ("code", "｛seals｝", "holds '{', as what is written around a list"),
        ("code", "x" * 65, "at most 64 characters"),
        ("code", "\ufdfa" * 5, "at most 64 characters"),
        ("name", " \u3000 ", "at least 1 character"),
    ],
)
def test_a_refusal_names_the_character_and_its_place(kind: str, text: str, told: str) -> None:
    assert told in refusal(kind, text)


@pytest.mark.parametrize("name", ["نامه\u200cها", "क्\u200dष", "ශ්\u200dරී", "葛\U000e0100城", "ᠮᠣᠩ\u180bᠭᠣᠯ"])
def test_marks_that_a_script_needs_stay_in_names_and_are_none_of_keys(name: str) -> None:
    assert KINDS["name"].validate_python(name) == name
    assert "cannot be seen" in refusal("code", name)


@pytest.mark.parametrize("name", ["a\u200db", "\u200dab", "A\u200cG", "\ufe0fA"])
def test_a_joiner_that_joins_nothing_is_refused(name: str) -> None:
    assert "cannot be seen" in refusal("name", name)


def test_prose_has_lines_and_pictures() -> None:
    written = "First\n\tsecond 👩\u200d🔧"
    assert KINDS["prose"].validate_python(written) == written


def test_a_length_is_that_of_the_form_that_is_kept() -> None:
    assert KINDS["code"].validate_python("e\u0301" * 64) == "é" * 64


def test_what_is_not_looked_at_one_by_one_holds_nothing_to_refuse() -> None:
    plain = [chr(code) for code in range(sys.maxunicode + 1) if PLAIN.fullmatch(chr(code))]
    assert [c for c in plain if is_unseen(c) or (unicodedata.category(c)[0] in "CZ" and c != " ")] == []


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=40))
def test_what_is_shown_is_taken_and_stays(kind: str, text: str) -> None:
    try:
        kept = KINDS[kind].validate_python(text)
    except ValidationError:
        return
    assert KINDS[kind].validate_python(kept) == kept
    assert kept == kept.strip()
    assert any(map(shows, kept))
    assert comparable(kept) == comparable(comparable(kept))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STRASSE", "straße"),
        ("ＡＢＣ", "abc"),
        ("نامه\u200cها", "نامهها"),
        ("Ǆ", "dž"),
        ("\u1e9e", "ss"),
        ("Cafe\u0301", "CAFÉ"),
    ],
)
def test_texts_are_compared_without_case_width_and_what_is_not_seen(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


def test_words_are_compared_without_case_width_and_punctuation_and_cut_where_they_are_long() -> None:
    assert words_of("\uff2e\uff33\uff0d8040", "Straße") == ["8040", "ns", "strasse"]
    assert words_of("… ; !") == []
    assert words_of("x" * 500) == ["x" * 100]
