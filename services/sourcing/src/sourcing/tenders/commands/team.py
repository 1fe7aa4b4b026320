"""Who of ours has which part in a tender, what they declare, and the keys that shares are sealed for."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import ConflictError, FieldError, ForbiddenError, InvalidError
from purveyor.versions import Seen
from sourcing.openings.store.keys import public_key
from sourcing.suppliers.store.rows import representatives_of
from sourcing.tenders import store
from sourcing.tenders.commands.parts import lock, lock_as_lead
from sourcing.tenders.model import TeamMember, Tender
from sourcing.tenders.rules.states import TenderStatus
from sourcing.tenders.rules.team import NO_BIDDER_OPENS, TeamRole, bidding

MOST_MEMBERS = 50


async def name_member(
    tx: Transaction, tender_id: UUID, person: str, roles: Collection[TeamRole], seen: Seen
) -> Tender:
    """Give somebody their part in a tender; once it is published, nobody opens who did not, or the reverse.

    Raises InvalidError for who acts for a supplier that may bid.
    """
    tender = await lock_as_lead(tx, tender_id, seen)
    member = next((one for one in tender.team if one.person == person), None)
    was = set() if member is None else set(member.roles)
    now = {role.value for role in roles}
    if (tender.opened_at is not None or tender.round > 1) and TeamRole.EVALUATOR.value in was - now:
        detail = "The bids are open: who was named to judge them stays, and only declares a conflict."
        raise ConflictError("evaluators_settled", detail)
    begun = tender.stands not in (TenderStatus.DRAFT, TenderStatus.IN_APPROVAL)
    if begun and (TeamRole.OPENER in was) != (TeamRole.OPENER in now):
        detail = "The key is split already: who opens stays as it was when the tender was published."
        raise ConflictError("openers_settled", detail)
    if member is None:
        if len(tender.team) >= MOST_MEMBERS:
            detail = f"A team has {MOST_MEMBERS} people at most."
            raise InvalidError("team_too_large", detail)
        member = TeamMember(person=person, named_by=tx.actor)
        tender.team.append(member)
    member.roles = sorted(now)
    await expect_no_bidder_among(tx, tender)
    if not begun:
        tender.note_author(tx.actor)
    tx.audit(
        "name",
        "tender",
        tender.id,
        before={"person": person, "roles": sorted(was)},
        after={"person": person, "roles": member.roles},
    )
    return tender


async def declare(tx: Transaction, tender_id: UUID, conflict: str | None, key: str | None) -> Tender:
    """Declare a conflict of interest, or that there is none, and the key that a share is sealed for.

    A conflict is not taken back. Raises ForbiddenError for who has no part in it.
    """
    tender = await lock(tx, tender_id)
    member = next((one for one in tender.team if one.person == tx.actor), None)
    if member is None:
        raise ForbiddenError("not_of_the_team", "Those who lead the tender name who has a part in it.")
    if member.conflict is not None:
        raise ConflictError("conflict_declared", "You have declared a conflict: it is not taken back.")
    if key is not None:
        found = public_key(key)
        if found is None:
            detail = "An opening key is an X25519 public key: 32 bytes in base64url, without padding."
            raise InvalidError("opening_key_invalid", detail, errors=[FieldError("/opening_key", detail)])
        if tender.edition > 0:
            detail = "The key is split already, for the keys that openers had when it was published."
            raise ConflictError("openers_settled", detail)
        member.opening_key = found
    member.declared_at, member.conflict = tx.now, conflict
    after = {"person": tx.actor, "has_conflict": conflict is not None, "has_key": key is not None}
    tx.audit("declare", "tender", tender.id, after=after)
    return tender


async def expect_no_bidder_among(tx: Transaction, tender: Tender) -> None:
    """Raise InvalidError when somebody of the team acts for a supplier that may bid."""
    found = await of_team_and_bidders(tx, tender)
    if found:
        detail = f"{', '.join(found)}: {NO_BIDDER_OPENS}"
        raise InvalidError("bidder_in_team", detail, errors=[FieldError("/person", detail)])


async def of_team_and_bidders(tx: Transaction, tender: Tender) -> list[str]:
    """Return who of a tender's team acts for a supplier that may bid, invited or because it qualifies."""
    return bidding(tender.members, await representatives_of(tx, await store.bidders(tx, tender.id)))
