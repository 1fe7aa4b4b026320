"""What an author states of an order is held against rules, and against what it names on its day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.items.queries import ITEMS_REQUIRED
from procurement.items.rules.ordering import Known, check_items
from procurement.orders.rules import drafts
from procurement.orders.rules.amounts import check_amounts, check_taxed, tax_codes
from procurement.orders.rules.drafts import DraftOrder
from procurement.organisation.rules import Named, check_named
from procurement.periods import why_not_valid
from procurement.taxes import store as taxes
from procurement.taxes.rules import TaxRate, rates_on
from procurement.terms.rules.ordering import NamedTerms, check_delivery, check_payment_terms
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.policies import Place


def checked_amounts(draft: DraftOrder) -> list[Decimal]:
    """Return what a draft's lines come to; raises InvalidError for what they and it cannot say of amounts."""
    amounts = drafts.order_amounts(draft)
    drafts.check_lines(draft.lines, amounts)
    check_amounts(draft, amounts)
    check_taxed(draft)
    return amounts


async def tax_rates(
    tx: Transaction, content: DraftOrder, day: date, kept: Collection[str] = ()
) -> tuple[TaxRate, ...]:
    """Return how the tax codes that an order names tax it on a day, but for those that are kept as they were.

    Raises InvalidError for those that do not. An order that names none asks nobody.
    """
    named = [(pointer, code) for pointer, code in tax_codes(content) if code and code not in kept]
    return rates_on(day, named, await taxes.known(tx, {code for _, code in named})) if named else ()


def check_dates_of(draft: DraftOrder, today: date) -> None:
    """Raise InvalidError for days and a currency that an order cannot state."""
    drafts.check_dates(draft.ordered_on or today, draft.lines, today)
    drafts.check_currency(draft.currency, draft.ordered_on or today)


def check_named_by(
    draft: DraftOrder, named: Named, site_from: date | None, site_to: date | None, today: date
) -> None:
    """Raise InvalidError for what is not there on the order's day."""
    day = draft.ordered_on or today
    check_named(named, draft.business_unit, draft.cost_centre, day, draft.project)
    if why := why_not_valid(site_from, site_to, day):
        raise InvalidError(
            "site_not_valid", f"The site {draft.site} {why}.", errors=[FieldError("/site", why)]
        )


def check_terms_of(draft: DraftOrder, named: NamedTerms, today: date) -> None:
    """Raise InvalidError for terms of payment or delivery that an order cannot have on its day."""
    check_payment_terms(named, draft.payment_terms, draft.ordered_on or today)
    check_delivery(draft.incoterm, draft.delivery_place)


async def check_items_of(
    tx: Transaction,
    draft: DraftOrder,
    known: Mapping[str, Known],
    today: date,
    places: Collection[int] | None = None,
) -> None:
    """Raise InvalidError for lines that say of their items what is not so on the order's day.

    `places` are those of the lines that are looked at; all where it is left out.
    """
    day = draft.ordered_on or today
    policy = await policies.history(tx, ITEMS_REQUIRED)
    required = {
        category: policy.in_force(
            day, Place(category=category, business_unit=draft.business_unit)
        ).value.items_required
        for category in {line.category for line in draft.lines}
    }
    check_items(draft.lines, known, day, required, places)


def unknown_supplier(supplier_id: UUID) -> InvalidError:
    """Return that there is no such supplier here."""
    return InvalidError(
        "supplier_unknown",
        f"Supplier {supplier_id} is not known here: not registered, or its registration is on its way.",
        errors=[FieldError("/supplier_id", "not a known supplier")],
    )


def unknown_site(code: str) -> InvalidError:
    """Return that there is no such site."""
    return InvalidError(
        "site_unknown",
        f"No site {code} exists; PUT /v1/sites/{code} creates it.",
        errors=[FieldError("/site", "not a known site")],
    )
