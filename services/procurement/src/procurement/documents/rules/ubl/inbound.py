"""A document that came in, as far as it can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from lxml import etree

from procurement.documents.rules.ubl.despatches import DespatchAdvice, despatch_advice
from procurement.documents.rules.ubl.names import Kind
from procurement.documents.rules.ubl.parsing import parsed
from procurement.documents.rules.ubl.reading import Part
from procurement.documents.rules.ubl.responses import OrderResponse, order_response
from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError

Message: TypeAlias = OrderResponse | DespatchAdvice
READERS: Mapping[Kind, Callable[[Part], Message]] = {
    Kind.ORDER_RESPONSE: order_response,
    Kind.DESPATCH_ADVICE: despatch_advice,
}


def read(content: bytes) -> Message:
    """Return what a document says; raises UnreadableError for what cannot be read."""
    root = parsed(content)
    name = etree.QName(root)
    for kind, reader in READERS.items():
        if (name.localname, name.namespace) == (kind.value, kind.namespace):
            return reader(Part(root, kind.value))
    found, known = f"{name.localname[:80]!r} of {name.namespace or 'no namespace'!r}", " and ".join(READERS)
    raise UnreadableError(Unreadable.NOT_KNOWN, f"Its root is {found}; what is read is {known} of UBL 2.1.")


def kind_of(message: Message) -> Kind:
    """Return what a message is."""
    return Kind.ORDER_RESPONSE if isinstance(message, OrderResponse) else Kind.DESPATCH_ADVICE
