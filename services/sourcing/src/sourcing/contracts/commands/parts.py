"""What every command on a contract does: lock it, note it in the trail, tell what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, PreconditionFailedError
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.contracts import ContractedPrice, ContractedTerms, ContractedTier
from sourcing.categories.queries import expect_categories
from sourcing.contracts import store
from sourcing.contracts.model import Contract
from sourcing.contracts.rules.checks import check_content
from sourcing.contracts.rules.content import ContractContent, ContractPrice, PriceTier
from sourcing.contracts.rules.prices import tier_price
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.store.rows import lock_suppliers

CONTRACT = "contract"


async def lock(tx: Transaction, contract_id: UUID, seen: Seen) -> Contract:
    """Lock a contract; raises PreconditionFailedError unless it is as it was seen."""
    contract = await store.lock_contract(tx, contract_id)
    expect_version(contract, seen)
    return contract


async def lock_with_parties(
    tx: Transaction, contract_id: UUID, seen: Seen
) -> tuple[Contract, list[Supplier]]:
    """Lock the parties of a contract, of what it says or is to say next, and then itself."""
    before = await store.get_contract(tx, contract_id, None)
    wanted = _parties(before)
    found = {one.id: one for one in await lock_suppliers(tx, wanted)}
    contract = await lock(tx, contract_id, seen)
    if _parties(contract) != wanted:
        raise PreconditionFailedError("changed_meanwhile", "It was being changed: read it again.")
    return contract, in_order(wanted, found.values())


def in_order(wanted: Sequence[UUID], found: Iterable[Supplier]) -> list[Supplier]:
    """Return parties as they were named; raises InvalidError for those that are not known."""
    known = {one.id: one for one in found}
    problems = [
        FieldError(
            "/supplier_id" if place == 0 else f"/content/affiliates/{place - 1}", "not a known supplier"
        )
        for place, one in enumerate(wanted)
        if one not in known
    ]
    if problems:
        raise InvalidError("party_not_approved", "A party is no supplier that is known.", errors=problems)
    return [known[one] for one in wanted]


async def check(tx: Transaction, content: ContractContent) -> None:
    """Raise InvalidError for a content that makes no sense, or speaks of categories that there are not."""
    check_content(content, tx.day)
    places: dict[str, int] = {}
    for place, price in enumerate(content.prices):
        places.setdefault(price.category, place)
    for category, place in places.items():
        try:
            await expect_categories(tx, [category], "")
        except InvalidError as error:
            at = f"/content/prices/{place}/category"
            errors = [FieldError(at, one.detail) for one in error.errors]
            raise InvalidError(error.code, error.detail, errors=errors) from error


def named(contract: Contract) -> dict[str, Any]:
    """Return what every event says of a contract."""
    return {
        "contract_id": contract.id,
        "number": contract.number,
        "supplier_id": contract.supplier_id,
        "parties": tuple(contract.parties),
    }


def said(contract: Contract) -> dict[str, Any]:
    """Return what events say of what a contract says."""
    content = contract.says
    return named(contract) | {
        "edition": contract.edition,
        "award_id": contract.award_id,
        "kind": content.kind.value,
        "title": content.title,
        "currency": content.currency,
        "starts_on": content.starts_on,
        "ends_on": content.ends_on,
        "ceiling_value": content.ceiling_value,
        "prices": tuple(_price(price, content) for price in content.prices),
        "terms": ContractedTerms(**dict(content.terms)),
    }


def audit(
    tx: Transaction,
    action: str,
    contract: Contract,
    before: str | None,
    reason: str | None = None,
    **more: Any,
) -> None:
    """Note what was done to a contract in the trail."""
    tx.audit(
        action,
        CONTRACT,
        contract.id,
        before=None if before is None else {"status": before},
        after={"status": contract.status} | more,
        reason=reason,
    )


def _parties(contract: Contract) -> list[UUID]:
    content = contract.proposed or contract.says
    return [contract.supplier_id, *content.affiliates]


def _price(price: ContractPrice, content: ContractContent) -> ContractedPrice:
    stated = {
        name: getattr(price, name)
        for name in ContractedPrice.model_fields
        if name not in {"tiers", "valid_from", "valid_to"}
    }
    return ContractedPrice(
        **stated,
        tiers=tuple(_tier(tier, price) for tier in price.tiers),
        valid_from=max(price.valid_from or content.starts_on, content.starts_on),
        valid_to=min(price.valid_to or content.ends_on, content.ends_on),
    )


def _tier(tier: PriceTier, price: ContractPrice) -> ContractedTier:
    return ContractedTier(
        from_quantity=tier.from_quantity,
        below=tier.below,
        price=tier_price(tier, price.list_price),
        discount_percent=tier.discount_percent,
    )
