"""Raises hits, which block the supplier at once, and decides them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another
from purveyor.pending import Personal
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.sourcing.screening import (
    ScreeningHitCleared,
    ScreeningHitConfirmed,
    ScreeningHitRaised,
)
from purveyor_messaging.outbox import record
from sourcing.screening.model.hits import ScreeningHit
from sourcing.screening.rules.deciding import DECIDED_BY_ANOTHER, HitStatus, Verdict, stays_cleared
from sourcing.screening.rules.judging import Judged
from sourcing.screening.rules.parties import Subject
from sourcing.screening.store import hits as store
from sourcing.suppliers.commands import block_locked, unblock_company
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.blocks import BlockCause
from sourcing.suppliers.store.rows import lock_supplier_if_any

MOST = 20
"""So many hits of one list are raised of a supplier, the likeliest: its name says nothing if it has more."""


async def raise_hits(
    tx: Transaction,
    supplier_id: UUID,
    subject: Subject,
    code: str,
    version: int,
    found: Sequence[Judged],
    policy_version: int,
) -> int:
    """Raise hits at entries of a list and block the supplier, but where one stands or was cleared.

    Returns how many were raised. What is known of a hit that waits is brought up to date.
    """
    supplier = await lock_supplier_if_any(tx, supplier_id)
    if supplier is None or not supplier.allowed_actions:
        return 0
    likeliest = found[:MOST]
    there = await store.hits_of(tx, supplier_id, code, [judged.party.reference for judged in likeliest])
    digest, count = subject.digest, 0
    for judged in likeliest:
        of_entry = [hit for hit in there if hit.reference == judged.party.reference]
        now = (judged.party.digest, digest)
        standing = next((hit for hit in of_entry if hit.status != HitStatus.CLEARED), None)
        if standing is not None:
            if (
                standing.status == HitStatus.RAISED
                and (standing.entry_digest, standing.supplier_digest) != now
            ):
                standing.entry_digest, standing.supplier_digest = now
                standing.list_version, standing.policy_version = version, policy_version
                standing.score, standing.evidence = judged.score, evidence_of(judged)
                standing.supplier_authors = _authors(supplier)
            continue
        if any(stays_cleared((hit.entry_digest, hit.supplier_digest), now) for hit in of_entry):
            continue
        _raise(tx, supplier, judged, digest, code, version, policy_version)
        count += 1
    return count


def _raise(
    tx: Transaction,
    supplier: Supplier,
    judged: Judged,
    digest: bytes,
    code: str,
    version: int,
    policy_version: int,
) -> None:
    evidence = evidence_of(judged)
    hit = ScreeningHit(
        id=new_id(),
        version=1,
        supplier_id=supplier.id,
        supplier_authors=_authors(supplier),
        supplier_digest=digest,
        list=code,
        list_version=version,
        reference=judged.party.reference,
        entry_digest=judged.party.digest,
        policy_version=policy_version,
        score=judged.score,
        evidence=evidence,
        status=HitStatus.RAISED.value,
        raised_at=tx.now,
    )
    store.add(tx, hit)
    told = ScreeningHitRaised(
        supplier_id=supplier.id,
        hit_id=hit.id,
        list=code,
        list_version=version,
        reference=hit.reference,
        listed_as=evidence["listed_as"],
        score=hit.score,
        words=tuple(shared["theirs"] for shared in evidence["shared"]),
        policy_version=policy_version,
    )
    record(tx, supplier, told)
    reason = f"May be {hit.reference} of list {code}, {evidence['listed_as']}: score {hit.score}"
    block_locked(tx, supplier, BlockCause.SCREENING, hit.id, reason, None)
    after = {"supplier": supplier.id, "list": code, "reference": hit.reference, "score": hit.score}
    tx.audit("raise", "screening_hit", hit.id, after=after | {"evidence": Personal(evidence)})


async def decide(tx: Transaction, hit_id: UUID, seen: Seen, verdict: Verdict, reason: str) -> ScreeningHit:
    """Clear a hit, which lifts its block, or confirm it; by another than who registered or changed it.

    Raises ForbiddenError for those, and ConflictError when it was decided so before.
    """
    supplier_id = (await store.get_hit(tx, hit_id)).supplier_id
    supplier = await lock_supplier_if_any(tx, supplier_id)
    assert supplier is not None, "a hit has a supplier"  # noqa: S101
    hit = await store.lock_hit(tx, hit_id)
    expect_version(hit, seen)
    authors = sorted({*hit.supplier_authors, *_authors(supplier)})
    expect_another(tx.actor, authors, DECIDED_BY_ANOTHER)
    before = {"status": hit.status}
    hit.decide(verdict, reason, tx.actor, tx.now)
    hit.supplier_authors = authors
    said: dict[str, Any] = {
        "supplier_id": supplier_id,
        "hit_id": hit.id,
        "list": hit.list,
        "reference": hit.reference,
        "reason": reason,
        "decided_by": tx.actor,
    }
    if verdict is Verdict.CONFIRM:
        record(tx, supplier, ScreeningHitConfirmed(**said))
    else:
        record(tx, supplier, ScreeningHitCleared(**said))
        await unblock_company(tx, supplier, BlockCause.SCREENING, hit.id, reason)
    tx.audit(
        verdict.value, "screening_hit", hit.id, before=before, after={"status": hit.status}, reason=reason
    )
    return hit


def _authors(supplier: Supplier) -> list[str]:
    return sorted({supplier.registered_by, *supplier.authors})


def evidence_of(judged: Judged) -> dict[str, Any]:
    """Return why a supplier may be a party, as it is kept with the hit."""
    named, party = judged.named, judged.party
    return {
        "listed_as": judged.listed_as or party.names[0],
        "kind": party.kind.value,
        "name": None if named is None else named.text,
        "role": None if named is None else named.role.value,
        "name_score": str(judged.name_score),
        "shared": [
            {"ours": one.ours, "theirs": one.theirs, "alike": str(round(one.alike, 3))}
            for one in judged.shared
        ],
        "countries": judged.countries.value,
        "listed_countries": list(party.countries),
        "identifiers": list(judged.identifiers),
        "weak_alias": judged.weak_alias,
        "address": judged.address,
    }
