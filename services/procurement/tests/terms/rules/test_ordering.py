"""What an order may say of terms on its day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procurement.terms.rules.incoterms import INCOTERMS_2020, SUCCESSORS
from procurement.terms.rules.ordering import NamedTerms, check_delivery, check_payment_terms
from purveyor.errors import InvalidError

DAY = date(2026, 3, 2)
THERE = NamedTerms("30N", DAY, DAY)


def test_terms_of_payment_are_named_from_their_first_day_to_their_last_or_not_at_all() -> None:
    check_payment_terms(THERE, "30N", DAY)
    check_payment_terms(NamedTerms(None, None, None), None, DAY)


@pytest.mark.parametrize(
    ("named", "says"),
    [
        (
            NamedTerms(None, None, None),
            "no payment terms 30N exist; PUT /v1/payment-terms/30N creates them",
        ),
        (
            replace(THERE, terms_from=DAY + timedelta(1)),
            "is valid from 2026-03-03 on, and the day is 2026-03-02",
        ),
        (
            replace(THERE, terms_from=None, terms_to=DAY - timedelta(1)),
            "was valid until 2026-03-01, and the day is 2026-03-02",
        ),
    ],
)
def test_terms_of_payment_that_are_not_there_are_refused_with_the_reason(
    named: NamedTerms, says: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        check_payment_terms(named, "30N", DAY)
    assert (refused.value.code, refused.value.detail) == (
        "payment_terms_not_valid",
        "The order names terms of payment that are not there on its day.",
    )
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [("/payment_terms", says)]


@pytest.mark.parametrize("incoterm", [*INCOTERMS_2020, None])
def test_a_rule_of_delivery_and_its_place_are_said_together_or_not_at_all(incoterm: str | None) -> None:
    check_delivery(incoterm, "Hamburg" if incoterm else None)
    with pytest.raises(InvalidError) as refused:
        check_delivery(incoterm, None if incoterm else "Hamburg")
    assert refused.value.code == "delivery_terms_incomplete"
    assert refused.value.detail == "Terms of delivery are a rule and its place."
    pointer, says = (
        ("/delivery_place", f"say where: {incoterm} speaks of a named place")
        if incoterm
        else ("/incoterm", "say by which rule of Incoterms 2020 it is delivered there")
    )
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [(pointer, says)]


@pytest.mark.parametrize("older", SUCCESSORS)
def test_the_past_may_have_agreed_on_an_older_rule_without_a_place(older: str) -> None:
    check_delivery(older, None, imported=True)
    with pytest.raises(InvalidError, match=SUCCESSORS[older]):
        check_delivery(older, "Hamburg")


def test_what_never_was_a_rule_is_refused_of_the_past_too() -> None:
    with pytest.raises(InvalidError, match="FREE"):
        check_delivery("FREE", None, imported=True)
