"""The parts of an invoice that rules speak of, each with where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from procurement.invoices.rules.en16931.violations import Broken, Rule
from procurement.invoices.rules.terms import Adjustment, Breakdown, Invoice, Line, Party


@dataclass(frozen=True, slots=True)
class Needed:
    """A term that a part of an invoice has to say: `get` finds it."""

    rule: str
    term: str
    get: Callable[[Any], object]
    what: str

    def of(self, parts: Callable[[Invoice], Iterable[tuple[str, Any]]]) -> Rule:
        """Return the rule that each of some parts says it."""

        def broken_by(invoice: Invoice) -> Iterator[Broken]:
            for at, part in parts(invoice):
                if self.get(part) in {None, ""}:
                    yield Broken(self.term, None, f"Say {self.what}.", at)

        return Rule(self.rule, broken_by)


def document(invoice: Invoice) -> Iterator[tuple[str, Invoice]]:
    """Yield the invoice itself."""
    yield "", invoice


def lines(invoice: Invoice) -> Iterator[tuple[str, Line]]:
    """Yield its lines, each with where it is."""
    return ((f"/lines/{index}", line) for index, line in enumerate(invoice.lines))


def breakdowns(invoice: Invoice) -> Iterator[tuple[str, Breakdown]]:
    """Yield its tax breakdowns."""
    return ((f"/breakdown/{index}", one) for index, one in enumerate(invoice.breakdown))


def adjustments(
    invoice: Invoice, *, charges: bool, of_lines: bool = False
) -> Iterator[tuple[str, Adjustment]]:
    """Yield the allowances or the charges, of the document or of its lines."""
    parts = (
        ((f"{at}/adjustments", line.adjustments) for at, line in lines(invoice))
        if of_lines
        else [("/adjustments", invoice.adjustments)]
    )
    for at, several in parts:
        for index, one in enumerate(several):
            if one.is_charge is charges:
                yield f"{at}/{index}", one


def of_adjustments(
    *, charges: bool, of_lines: bool = False
) -> Callable[[Invoice], Iterable[tuple[str, Adjustment]]]:
    """Return what finds the allowances or the charges, of the document or of its lines."""
    return lambda invoice: adjustments(invoice, charges=charges, of_lines=of_lines)


def of_party(name: str) -> Callable[[Invoice], Iterable[tuple[str, Party]]]:
    """Return what finds somebody, where an invoice says who that is."""

    def found(invoice: Invoice) -> Iterator[tuple[str, Party]]:
        party = getattr(invoice, name)
        if party is not None:
            yield f"/{name}", party

    return found


def addressed(name: str) -> Callable[[Invoice], Iterable[tuple[str, Party]]]:
    """Return what finds somebody whose address is said."""
    return lambda invoice: ((at, one) for at, one in of_party(name)(invoice) if one.has_address)


def code_of(part: Adjustment | Breakdown | Line) -> str | None:
    """Return the category in which something is taxed."""
    return part.category.code if part.category else None
