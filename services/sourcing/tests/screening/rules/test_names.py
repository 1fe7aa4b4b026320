"""Names are compared in Latin letters, by their words, without legal forms."""

# ruff: noqa: RUF001

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.screening.rules.names import identifier, plain, written
from sourcing.screening.rules.resemblance import heard, resemblance

words = st.text("abcdefghiklmnoprstuvyz", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        ("Muster Schrauben GmbH & Co. KG", "muster schrauben"),
        ("ООО «Зенит-Строй»", "zenit stroy"),
        ("华为技术有限公司", "huaweijishu"),
        ("TRANSPORTES J.L. CORDON, S.A. de C.V.", "transportes jl cordon"),
        ("BANCO NACIONAL DE CUBA", "banco nacional cuba"),
        ("MALKEVICH, Alexander Aleksandrovich", "malkevich alexander aleksandrovich"),
        ("Ærø Łódź Straße ApS", "aero lodz strasse"),
        ("AL-'AZBAH, Hana", "azbah hana"),
        ("Limited", "limited"),
        ("The Company Ltd.", "the"),
        ("S. A.", "sa"),
        ("The", "the"),
        ("!!!", ""),
    ],
)
def test_a_name_is_its_words_without_legal_forms_and_particles(name: str, compared: str) -> None:
    assert " ".join(written(name).words) == compared


@given(st.text(max_size=60))
def test_every_text_has_a_form_that_stays_as_it_is(text: str) -> None:
    form = plain(text)
    assert form.isascii()
    assert plain(form) == form
    assert all(word.isalnum() and word == word.lower() for word in written(text).words)


@given(st.lists(words, min_size=1, max_size=5), st.sampled_from(["GmbH", "S.A. de C.V.", "Co., Ltd.", "OAO"]))
def test_a_legal_form_behind_a_name_changes_nothing(name: list[str], form: str) -> None:
    text = " ".join(["Qx", *name, "Qx"])
    assert written(f"{text} {form}").joined == written(text).joined


@pytest.mark.parametrize(
    ("stated", "compared"),
    [
        ("7710-1402/79", "7710140279"),
        ("HRB 1234", "HRB1234"),
        ("№ 5 038 041 488", "NO5038041488"),
        ("12", ""),
    ],
)
def test_a_number_is_compared_without_what_stands_between(stated: str, compared: str) -> None:
    assert identifier(stated) == compared


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("muhammad", "mohamed"),
        ("yusuf", "youssef"),
        ("husayn", "hussein"),
        ("rosoboronexport", "rosoboroneksport"),
        ("sdrt", "saderat"),
        ("schrauben", "schruaben"),
        ("malkevich", "malkevic"),
        ("quds", "kuds"),
        ("jose", "yose"),
        ("chemicals", "khemikals"),
    ],
)
def test_words_that_are_written_otherwise_or_with_a_slip_resemble_each_other(one: str, two: str) -> None:
    assert 0.7 < resemblance(one, two) < 1
    assert resemblance(one, two) == resemblance(two, one)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("atlas", "titan"),
        ("sultan", "solution"),
        ("ali", "ala"),
        ("alfa", "beta"),
        ("12", "13"),
        ("block12", "block13"),
        ("delta", "zelta"),
        ("", "abc"),
    ],
)
def test_other_words_do_not(one: str, two: str) -> None:
    assert resemblance(one, two) == 0


@given(words, words)
def test_resemblance_is_the_same_both_ways_and_whole_for_equal_words_only(one: str, two: str) -> None:
    alike = resemblance(one, two)
    assert alike == resemblance(two, one)
    assert 0 <= alike <= 1
    assert (alike == 1) == (one == two)


@given(words)
def test_what_is_heard_of_a_word_has_no_vowels_but_the_first_or_is_all_of_a_short_one(word: str) -> None:
    sounds = heard(word)
    assert sounds[0] == "=" or not set(sounds[1:]) & set("aeiouy")
