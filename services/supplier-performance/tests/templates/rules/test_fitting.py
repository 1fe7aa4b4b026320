"""Which template fits whom."""

from __future__ import annotations

from supplier_performance.templates.rules.fitting import fits_too, fitting

METALS, PAPER = frozenset({"metals", "fasteners"}), frozenset({"paper"})


def test_the_template_of_most_lines_fits() -> None:
    covered = {"paper": PAPER, "metals": METALS}
    assert fitting(covered, {"fasteners": 2, "paper": 3}) == "paper"
    assert fitting(covered, {"fasteners": 2, "metals": 2, "paper": 3}) == "metals"
    assert fitting(covered, {"fasteners": 3, "paper": 3}) == "metals"


def test_the_default_fits_where_no_other_does() -> None:
    assert fitting({"metals": METALS}, {"paper": 3}) == "default"
    assert fitting({"metals": METALS}, {"fasteners": 0}) == "default"


def test_two_templates_fit_who_delivers_of_both() -> None:
    covered = {"paper": PAPER, "metals": METALS}
    assert fits_too(covered, "metals", {"fasteners": 2, "paper": 1}) == ["paper"]
    assert fits_too(covered, "metals", {"paper": 1}) == []
    assert fits_too(covered, "metals", {"fasteners": 1}) == []
