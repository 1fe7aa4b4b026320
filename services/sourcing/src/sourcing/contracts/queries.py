"""Says why a supplier may not be a party to a contract, and which other contract prices the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from sourcing.contracts import store
from sourcing.contracts.model import Contract
from sourcing.contracts.rules.checks import overlaps
from sourcing.contracts.rules.content import ContractContent
from sourcing.contracts.rules.term import reaching
from sourcing.groups.queries import group_of
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import Status
from sourcing.tenders.queries import why_not_supplied


async def expect_signable(
    tx: Transaction, contract: Contract, parties: Sequence[Supplier], content: ContractContent
) -> None:
    """Raise InvalidError unless all of a content may be bought of its parties, and nothing else prices it."""
    await expect_parties(tx, parties, content.categories)
    await expect_alone(tx, contract, content)


async def expect_parties(tx: Transaction, parties: Sequence[Supplier], categories: Collection[str]) -> None:
    """Raise InvalidError for suppliers of whom all that a contract prices may not be bought today.

    The first is its supplier, the others have to belong to the same group.
    """
    problems = []
    for place, supplier in enumerate(parties):
        at = "/supplier_id" if place == 0 else f"/content/affiliates/{place - 1}"
        why = await _why_not(tx, supplier, categories)
        if why is not None:
            problems.append(FieldError(at, why))
    if not problems and len(parties) > 1:
        members = {one.id for one, _, _ in (await group_of(tx, parties[0].id)).members}
        problems = [
            FieldError(f"/content/affiliates/{place}", f"{one.display_number} is of another group.")
            for place, one in enumerate(parties[1:])
            if one.id not in members
        ]
    if problems:
        raise InvalidError("party_not_approved", problems[0].detail, errors=problems)


async def expect_alone(tx: Transaction, contract: Contract, content: ContractContent) -> None:
    """Raise InvalidError for what another contract of a party prices on a day on which this one would.

    What goes on by itself prices things as far as it may. Its parties have to be locked: of two that are
    signed at once, one sees the other.
    """
    parties = [contract.supplier_id, *content.affiliates]
    ends_as_told = contract.notice_given_on is not None and content.ends_on == contract.ends_on
    ours = reaching(content, notice_given=ends_as_told)
    problems: list[FieldError] = []
    for other in await store.binding_on(tx, parties, contract.id):
        problems += [
            FieldError(f"/content/prices/{place}", f"Contract {other.number} prices it, in line {number}.")
            for place, number in overlaps(ours, other.reach)
        ]
    if problems:
        detail = f"A thing has one price of a supplier on a day. {problems[0].detail}"
        raise InvalidError("priced_elsewhere", detail, errors=problems)


async def _why_not(tx: Transaction, supplier: Supplier, categories: Collection[str]) -> str | None:
    if supplier.status is Status.UNCONFIRMED:
        return f"Who supplier {supplier.display_number} is was changed, and is not confirmed."
    return await why_not_supplied(tx, supplier, categories)
