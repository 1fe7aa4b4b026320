"""Which template fits a supplier: that of the category in which most of its lines lie."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from supplier_performance.templates.rules.template import DEFAULT


def fitting(covered: Mapping[str, Collection[str]], lines: Mapping[str, int]) -> str:
    """Return the code of the template that fits a supplier; the default one where none does.

    `covered` are by template the categories that it is of, `lines` the supplier's lines by category. Two
    templates that fit are refused when one is activated; where a supplier has begun to deliver of another
    category since, that of most lines holds, and of as many the one whose code comes first.
    """
    found = {code: sum(lines.get(one, 0) for one in categories) for code, categories in covered.items()}
    fits = [(-count, code) for code, count in found.items() if count]
    return min(fits)[1] if fits else DEFAULT


def fits_too(covered: Mapping[str, Collection[str]], code: str, lines: Mapping[str, int]) -> list[str]:
    """Return which other templates fit a supplier that one fits; none where that one does not."""
    of = {name for name, categories in covered.items() if any(lines.get(one) for one in categories)}
    return sorted(of - {code}) if code in of else []
