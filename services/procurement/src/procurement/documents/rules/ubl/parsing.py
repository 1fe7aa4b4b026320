"""XML of strangers: of bounded size and depth, without a DTD, and nothing is ever fetched for it."""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree

from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError

LARGEST = 4 * 2**20
"""Bytes of a document. A line of an order takes about one thousand."""
DEEPEST = 32
"""Elements within each other; those of UBL that Peppol uses go twelve deep."""
MOST_ELEMENTS = 100_000
DECLARED = re.compile(r"""\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
OF_UTF_8, OF_UTF_16 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"}), frozenset({"utf-16"})


def parsed(content: bytes, largest: int = LARGEST, most_elements: int = MOST_ELEMENTS) -> etree._Element:
    """Return the root of a document; raises UnreadableError saying what it is not.

    It has `largest` bytes and `most_elements` elements at most.

    Entities are refused with the DTD that declares them, before one is read: so nothing can be expanded, and
    nothing named by a URI (XML 1.0, 4.2.2) is looked for.
    """
    if len(content) > largest:
        raise UnreadableError(
            Unreadable.TOO_LARGE, f"It has {len(content):,} bytes; a document has {largest:,} at most."
        )
    text = _decoded(content)
    target: Any = _Bounded(most_elements)
    parser = etree.XMLParser(
        target=target,
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        parser.feed(text.encode())
        root: etree._Element = parser.close()
    except etree.XMLSyntaxError as error:
        raise UnreadableError(Unreadable.NOT_WELL_FORMED, f"It is no XML: {error}.") from None
    return root


def _decoded(content: bytes) -> str:
    """Return a document as text: UTF-8, or UTF-16 with its mark, which is all that a reader of XML must know.

    What is declared has to be what is there; who reads it on need not guess which of both was meant.
    """
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            Unreadable.ENCODING,
            f"Byte {error.start + 1} is not {'UTF-16' if is_wide else 'UTF-8'}: send the document in UTF-8.",
        ) from None
    declared = DECLARED.match(text[:500])
    if declared and declared[1].lower() not in (OF_UTF_16 if is_wide else OF_UTF_8):
        raise UnreadableError(
            Unreadable.ENCODING, f"It says that it is in {declared[1][:40]!r}: send it in UTF-8, and say so."
        )
    return text


class _Bounded:
    """Builds a tree while it is read, and breaks off where it goes too deep, too far, or declares a DTD."""

    def __init__(self, most_elements: int) -> None:
        self._most = most_elements
        self._builder: Any = etree.TreeBuilder()
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attributes: Any) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST:
            raise UnreadableError(Unreadable.TOO_DEEP, f"Its elements lie more than {DEEPEST} deep.")
        if self._elements > self._most:
            raise UnreadableError(Unreadable.TOO_LARGE, f"It has more than {self._most:,} elements.")
        self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag)

    def data(self, data: str) -> None:
        self._builder.data(data)

    def doctype(self, name: str, public_id: str | None, system_url: str | None) -> None:
        raise UnreadableError(Unreadable.DOCTYPE, "It has a DOCTYPE: no document of UBL has one.")

    def close(self) -> Any:
        return self._builder.close() if self._elements and not self._depth else None
