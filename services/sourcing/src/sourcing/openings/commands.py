"""What is done with openings: prepared when a tender is published, and opened by its openers together.

The tender is locked by whoever calls; a share says nothing of the key before as many are there as are needed.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from purveyor.db import Transaction
from purveyor.errors import FieldError, ForbiddenError, InvalidError, NotFoundError
from sourcing.openings.model import Opening, OpeningShare
from sourcing.openings.rules import check_openers
from sourcing.openings.store import keys
from sourcing.openings.store.rows import add_opening, opening_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A tender's key, put together, and by whom."""

    key: X25519PrivateKey
    by: tuple[str, ...]


def prepare(tx: Transaction, tender_id: UUID, openers: Mapping[str, bytes], needed: int) -> None:
    """Make a tender's key and split it between its openers, by their public keys; it is not kept whole."""
    check_openers(openers, needed)
    made = keys.make(tender_id, openers, needed)
    shares = [OpeningShare(person=one.person, sealed=one.sealed, digest=one.digest) for one in made.shares]
    add_opening(tx, Opening(tender_id=tender_id, public_key=made.public, needed=needed, shares=shares))


async def give(tx: Transaction, tender_id: UUID, share: str) -> Opened | None:
    """Give the caller's share; returns the key with the last one that is needed, and forgets them all.

    Raises ForbiddenError for who is no opener, and InvalidError for what is not their share.
    """
    opening = await opening_of(tx, tender_id)
    if opening is None:
        raise NotFoundError("tender", tender_id)
    own = opening.share_of(tx.actor)
    if own is None:
        raise ForbiddenError("not_an_opener", "Bids are opened by those who were named for it, no others.")
    given = keys.unwritten(share)
    if given is None or not hmac.compare_digest(keys.digest_of(tender_id, given), own.digest):
        detail = "This is not your share of this tender's key: open the sealed one with your own key."
        raise InvalidError("share_wrong", detail, errors=[FieldError("/share", detail)])
    own.given, own.given_at = given, own.given_at or tx.now
    there = [one for one in opening.shares if one.given is not None]
    if len(there) < opening.needed:
        return None
    key = keys.put_together(
        tender_id, [one.given for one in there if one.given is not None][: opening.needed]
    )
    if key.public_key().public_bytes_raw() != opening.public_key:
        raise ValueError(f"the shares of tender {tender_id} make another key than bids were sealed for")
    for one in there:
        one.given = None
    return Opened(key, tuple(one.person for one in there))
