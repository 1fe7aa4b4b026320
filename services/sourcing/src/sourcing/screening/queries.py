"""What screening goes by, and what it knows of a supplier."""

from __future__ import annotations

from collections.abc import Sequence

from purveyor.db import Transaction
from purveyor.policies import Policy
from sourcing.screening.rules.parties import Named, Subject
from sourcing.screening.rules.policy import Screening
from sourcing.screening.store import names
from sourcing.suppliers.model import Supplier

SCREENING = Policy(
    "screening", Screening, "From which score on a supplier that may be on a list is held, and what counts"
)


async def subjects_of(tx: Transaction, suppliers: Sequence[Supplier]) -> list[Subject]:
    """Return suppliers as screening sees them, in their order."""
    stated = await names.of(tx, [supplier.id for supplier in suppliers])
    return [subject_of(supplier, stated.get(supplier.id, ())) for supplier in suppliers]


def subject_of(supplier: Supplier, stated: Sequence[Named]) -> Subject:
    """Return a supplier as screening sees it: its name, what else it is called, who owns it, where it is."""
    sites = supplier.sites
    countries = {supplier.country, *(site.get("country") for site in sites)}
    return Subject(
        names=(Named(supplier.legal_name), *stated),
        countries=tuple(sorted(code for code in countries if code)),
        identifiers=tuple(identifier.value for identifier in supplier.identifiers),
        addresses=tuple(dict.fromkeys(site["address"] for site in sites if site.get("address"))),
    )
