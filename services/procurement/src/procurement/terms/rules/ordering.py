"""What an order may say of terms: those of payment that there are on its day, and a rule with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from procurement.periods import why_not_valid
from procurement.terms.rules.incoterms import check_incoterm
from purveyor.errors import FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class NamedTerms:
    """Terms of payment that an order names, as they are known; None where they are not, or none are named."""

    terms: str | None
    terms_from: date | None
    terms_to: date | None


def check_payment_terms(named: NamedTerms, payment_terms: str | None, day: date) -> None:
    """Raise InvalidError for terms of payment that do not exist, or cannot be agreed on the order's day."""
    if payment_terms is None:
        return
    if named.terms is None:
        why: str | None = (
            f"no payment terms {payment_terms} exist; PUT /v1/payment-terms/{payment_terms} creates them"
        )
    else:
        why = why_not_valid(named.terms_from, named.terms_to, day)
    if why is not None:
        raise InvalidError(
            "payment_terms_not_valid",
            "The order names terms of payment that are not there on its day.",
            errors=[FieldError("/payment_terms", why)],
        )


def check_delivery(incoterm: str | None, delivery_place: str | None, *, imported: bool = False) -> None:
    """Raise InvalidError for terms of delivery that are none.

    A rule is agreed with the place that it speaks of, "FCA Hamburg", and a place alone says nothing
    (Incoterms 2020, introduction). The past may have left the place out, or named an older rule.
    """
    if incoterm is not None:
        check_incoterm(incoterm, imported=imported)
    if not imported and (problems := list(_incomplete(incoterm, delivery_place))):
        raise InvalidError(
            "delivery_terms_incomplete", "Terms of delivery are a rule and its place.", errors=problems
        )


def _incomplete(incoterm: str | None, delivery_place: str | None) -> Iterator[FieldError]:
    if incoterm is not None and delivery_place is None:
        yield FieldError("/delivery_place", f"say where: {incoterm} speaks of a named place")
    if delivery_place is not None and incoterm is None:
        yield FieldError("/incoterm", "say by which rule of Incoterms 2020 it is delivered there")
