"""What an approval or a block of a category covers."""

from procurement.categories.rules import NOTHING_ABOVE, covering


def test_a_category_is_covered_by_itself_and_by_all_that_it_lies_in_the_nearest_first() -> None:
    ancestors = {"coils": ("springs", "metals")}
    assert covering("coils", ancestors) == ("coils", "springs", "metals")


def test_a_category_that_nobody_told_of_is_covered_by_itself_alone() -> None:
    assert covering("unheard-of", {"coils": ("springs",)}) == ("unheard-of",)
    assert covering("coils", NOTHING_ABOVE) == ("coils",)
