"""Units of measure."""

from procurement.items.rules.units import units


def test_units_are_those_of_unece_recommendation_20() -> None:
    assert (units()["C62"], units()["KGM"], units()["MTR"]) == ("one", "kilogram", "metre")
    assert len(units()) > 2000
