"""Which categories a qualification is required for, and which it covers."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sourcing.qualification.rules.covering import covered, covers, is_required, qualified_until

ABOVE = {
    "bolts": ("fasteners", "metals"),
    "nuts": ("fasteners", "metals"),
    "fasteners": ("metals",),
    "castings": ("metals",),
}
"""metals: fasteners (bolts, nuts), castings; and paint beside it."""
ALL = ("metals", "fasteners", "bolts", "nuts", "castings", "paint")
SOON, LATER = date(2027, 1, 31), date(2027, 12, 31)


def lies_in(below: str, above: str) -> bool:
    return below == above or above in ABOVE.get(below, ())


@given(st.sampled_from(ALL), st.sets(st.sampled_from(ALL)))
def test_who_is_approved_for_anything_that_requires_it_is_qualified(
    category: str, required: set[str]
) -> None:
    wanted = any(lies_in(every, one) for every in ALL if lies_in(every, category) for one in required)
    assert is_required(category, required, ABOVE) is wanted
    assert is_required(category, [*required, None], ABOVE)


def test_the_whole_is_not_qualified_by_its_part() -> None:
    held = {"fasteners": LATER, "bolts": SOON, "paint": SOON}
    assert qualified_until("metals", held, ABOVE) is None
    assert qualified_until("bolts", held, ABOVE) == LATER
    assert qualified_until("castings", held, ABOVE) is None
    assert qualified_until("paint", held, ABOVE) == SOON


HELD = st.dictionaries(
    st.sampled_from(("quality", "safety", "free")),
    st.dictionaries(st.sampled_from(ALL), st.sampled_from((SOON, LATER)), min_size=1),
)
REQUIRED = st.lists(
    st.tuples(st.sampled_from(("quality", "safety")), st.none() | st.sampled_from(ALL)),
    unique_by=lambda one: one[0],
)


@given(st.sampled_from(ALL), REQUIRED, HELD)
def test_only_the_questionnaire_that_is_required_fulfils_it(
    category: str, required: list[tuple[str, str | None]], held: dict[str, dict[str, date]]
) -> None:
    found = covered(category, required, held, ABOVE)
    wanted = [code for code, one in required if is_required(category, [one], ABOVE)]
    assert list(found.required) == wanted
    assert all(held.get(code) for code in wanted if code not in found.lacking)
    if wanted:
        of_these = {code: cases for code, cases in held.items() if code in wanted}
        assert covered(category, required, of_these, ABOVE) == found, "another questionnaire changes nothing"
    for code in wanted:
        day = qualified_until(category, held.get(code, {}), ABOVE)
        if day is not None and code in dict(required):
            assert code not in found.lacking or lies_in(dict(required)[code] or "", category)


def test_a_questionnaire_for_a_part_is_fulfilled_for_that_part() -> None:
    required = [("quality", "bolts")]
    assert covered("fasteners", required, {"quality": {"bolts": SOON}}, ABOVE).until == SOON
    assert covered("fasteners", required, {"quality": {"nuts": SOON}}, ABOVE).lacking == ("quality",)
    assert covered("nuts", required, {"free": {"fasteners": SOON}}, ABOVE).until == SOON
    assert covered("nuts", required, {}, ABOVE).until is None


def test_a_questionnaire_is_for_what_lies_in_its_category() -> None:
    assert covers(None, "bolts", ABOVE)
    assert covers("metals", "bolts", ABOVE)
    assert covers("bolts", "bolts", ABOVE)
    assert not covers("bolts", "metals", ABOVE)
    assert not covers("nuts", "bolts", ABOVE)
