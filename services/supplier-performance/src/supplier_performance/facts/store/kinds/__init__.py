"""The kinds of fact that there are, a module each."""

from __future__ import annotations

from collections.abc import Mapping

from supplier_performance.facts.store.kinds.answers import ANSWERS
from supplier_performance.facts.store.kinds.lines import LINES
from supplier_performance.facts.store.kinds.orders import ORDERS
from supplier_performance.facts.store.kinds.prices import PRICES
from supplier_performance.facts.store.kinds.promises import PROMISES
from supplier_performance.facts.store.kinds.receipts import RECEIPTS
from supplier_performance.facts.store.kinds.scores import SCORES
from supplier_performance.facts.store.kinds.shipments import SHIPMENTS
from supplier_performance.facts.store.kinds.standing import DOCUMENTS, QUALIFICATIONS, RISKS
from supplier_performance.facts.store.source import Source

SOURCES: Mapping[str, Source] = {
    source.kind.name: source
    for source in (
        LINES,
        ORDERS,
        RECEIPTS,
        PROMISES,
        ANSWERS,
        SCORES,
        SHIPMENTS,
        PRICES,
        QUALIFICATIONS,
        DOCUMENTS,
        RISKS,
    )
}
