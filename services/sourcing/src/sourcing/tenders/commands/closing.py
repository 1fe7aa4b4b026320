"""A tender closes by the server's clock; what is told of its bids, and that they are opened."""

from __future__ import annotations

from collections.abc import Sequence

from purveyor.db import Transaction
from purveyor_contract.events.sourcing.tenders import BidReceived, BidsOpened, PricesOpened, TenderClosed
from purveyor_messaging.outbox import record
from sourcing.tenders import store
from sourcing.tenders.commands.parts import audit
from sourcing.tenders.model import Tender
from sourcing.tenders.rules.states import TenderMove, TenderStatus

AT_A_TIME = 20


async def close_due(tx: Transaction) -> bool:
    """Close the tenders whose deadline has passed; → TenderClosed. Returns whether there may be more."""
    due = await store.due_to_close(tx, tx.now, AT_A_TIME)
    for tender_id in due:
        tender = await store.lock_tender(tx, tender_id)
        if tender.stands is TenderStatus.PUBLISHED and tender.closes_at is not None:
            close_if_due(tx, tender)
    return len(due) == AT_A_TIME


def close_if_due(tx: Transaction, tender: Tender) -> None:
    """Close a locked tender whose deadline has passed, if nobody has noted that yet."""
    is_over = tender.closes_at is not None and tx.now >= tender.closes_at
    if tender.stands is not TenderStatus.PUBLISHED or not is_over:
        return
    before = tender.status
    tender.move(TenderMove.CLOSE)
    tender.closed_at = tx.now
    tender.drop_amendment()
    record(tx, tender, TenderClosed(tender_id=tender.id, number=tender.number, bids=tender.bids))
    audit(tx, "close", tender, before, bids=tender.bids)


def count_bids(tx: Transaction, tender: Tender, change: int) -> None:
    """Tell that a bid came, was replaced or taken back, and how many there are; → BidReceived."""
    tender.bids += change
    record(tx, tender, BidReceived(tender_id=tender.id, number=tender.number, bids=tender.bids))


def note_opened(tx: Transaction, tender: Tender, by: Sequence[str]) -> None:
    """Note that the bids of a locked tender were opened, once, and by whom; → BidsOpened."""
    before = tender.status
    tender.move(TenderMove.OPEN)
    tender.opened_at = tx.now
    if not tender.keeps_prices_apart:
        tender.prices_opened_at = tx.now
    event = BidsOpened(tender_id=tender.id, number=tender.number, bids=tender.bids, opened_by=tuple(by))
    record(tx, tender, event)
    audit(tx, "open", tender, before, opened_by=list(by), bids=tender.bids)


def note_prices_opened(tx: Transaction, tender: Tender, by: Sequence[str]) -> None:
    """Note that the envelopes of prices were opened, once, and by whom; → PricesOpened."""
    before = tender.status
    tender.move(TenderMove.OPEN)
    tender.prices_opened_at = tx.now
    record(tx, tender, PricesOpened(tender_id=tender.id, number=tender.number, opened_by=tuple(by)))
    audit(tx, "open_prices", tender, before, opened_by=list(by))
