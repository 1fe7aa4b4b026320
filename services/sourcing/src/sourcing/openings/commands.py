"""An opening is prepared when a tender is published: its key is made, and split between its openers."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from purveyor.db import Transaction
from sourcing.openings.model import Opening, OpeningShare
from sourcing.openings.rules import check_openers
from sourcing.openings.store import keys
from sourcing.openings.store.rows import add_opening


def prepare(tx: Transaction, tender_id: UUID, openers: Mapping[str, bytes], needed: int) -> None:
    """Make a tender's key and split it between its openers, by their public keys; it is not kept whole."""
    check_openers(openers, needed)
    made = keys.make(tender_id, openers, needed)
    shares = [OpeningShare(person=one.person, sealed=one.sealed, digest=one.digest) for one in made.shares]
    add_opening(tx, Opening(tender_id=tender_id, public_key=made.public, needed=needed, shares=shares))
