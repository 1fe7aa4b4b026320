"""What a row of plain CSV says of a party, and what it may not say."""

import pytest

from sourcing.screening.rules.forms import PLAIN, read_plain

ROW = dict.fromkeys(PLAIN, "") | {"reference": "2", "name": "Somebody Else"}


@pytest.mark.parametrize(
    ("aliases", "names"),
    [
        ("Nobody Ltd, Quarnstein Handels", {"Nobody Ltd", "Quarnstein Handels"}),
        ("Nobody Ltd|Quarnstein Handels", {"Nobody Ltd", "Quarnstein Handels"}),
        ("Nobody Ltd;Quarnstein Handels", {"Nobody Ltd", "Quarnstein Handels"}),
        ("Doe, John", {"Doe, John"}),
        ("Acme Co., Ltd", {"Acme Co., Ltd"}),
    ],
)
def test_whoever_a_list_in_a_cell_may_name_is_screened(aliases: str, names: set[str]) -> None:
    assert names <= set(read_plain(ROW | {"aliases": aliases}).names)


@pytest.mark.parametrize("aliases", ["Doe, John", "Acme Co., Ltd"])
def test_a_name_with_a_comma_is_one_name(aliases: str) -> None:
    assert read_plain(ROW | {"aliases": aliases}).names == ("Somebody Else", aliases)


def test_a_country_that_nobody_knows_is_told() -> None:
    assert read_plain(ROW | {"countries": "RU; Poland"}).countries == ("PL", "RU")
    with pytest.raises(ValueError, match="'RU, PL' is no country that is known; several have semicolons"):
        read_plain(ROW | {"countries": "RU, PL"})
