"""What Office documents are made of (ECMA-376, part 1, 11 and 12): the kinds of parts that are taken.

Whatever is of no kind that is known here is refused, so that nobody has to know all that may be harmful.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.parsers import expat

_OF_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORDS = """
    document.main document.glossary styles settings webSettings fontTable numbering header footer footnotes
    endnotes comments commentsExtended commentsIds commentsExtensible people
"""
_SHEETS = """
    sheet.main worksheet chartsheet styles sharedStrings calcChain table tableSingleCells comments pivotTable
    pivotCacheDefinition pivotCacheRecords sheetMetadata
"""
_DRAWN = "chart chartshapes diagramColors diagramData diagramLayout diagramStyle"
_OTHERS = "drawing theme themeOverride extended-properties custom-properties customXmlProperties"
_OF_MICROSOFT = """
    ms-word.stylesWithEffects ms-word.commentsExtended ms-word.people ms-excel.threadedcomments
    ms-excel.person ms-excel.slicer ms-excel.slicerCache ms-excel.timeline ms-excel.timelineCache
    ms-excel.namedsheetview ms-excel.rdrichvalue ms-excel.rdrichvaluestructure ms-excel.rdrichvaluetypes
    ms-excel.rdarray ms-excel.rdsupportingpropertybag ms-excel.dynamicarray ms-office.chartstyle
    ms-office.chartcolorstyle ms-office.chartex ms-office.drawingml.diagramDrawing
"""
_PACKAGED = "relationships core-properties digital-signature-xmlsignature digital-signature-certificate"
_PICTURES = "png jpeg jpg gif bmp tiff tif x-emf emf x-wmf wmf vnd.ms-photo svg+xml"
KNOWN = frozenset(
    kind.lower()
    for kind in (
        *(f"{_OF_OFFICE}wordprocessingml.{one}+xml" for one in _WORDS.split()),
        *(f"{_OF_OFFICE}spreadsheetml.{one}+xml" for one in _SHEETS.split()),
        *(f"{_OF_OFFICE}drawingml.{one}+xml" for one in _DRAWN.split()),
        *(f"{_OF_OFFICE}{one}+xml" for one in _OTHERS.split()),
        *(f"application/vnd.{one}+xml" for one in _OF_MICROSOFT.split()),
        *(f"application/vnd.openxmlformats-package.{one}+xml" for one in _PACKAGED.split()),
        "application/vnd.openxmlformats-package.digital-signature-origin",
        f"{_OF_OFFICE}vmlDrawing",
        f"{_OF_OFFICE}obfuscatedFont",
        f"{_OF_OFFICE}spreadsheetml.printerSettings",
        f"{_OF_OFFICE}wordprocessingml.printerSettings",
        "application/xml",
        "text/xml",
        *(f"image/{one}" for one in _PICTURES.split()),
    )
)
ENDINGS = frozenset(
    "xml rels vml png jpeg jpg jpe gif bmp tiff tif emf wmf wdp svg odttf bin psmdcp sigs".split()  # noqa: SIM905
)
PROGRAMS = (b"MZ", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x7fELF", b"%PDF-", b"{\\rtf")
"""How files begin that no part is: programs, archives, other documents."""
ACTIVE = re.compile(
    r"macro|vbaProject|activeX|oleObject|externalLink|attachedTemplate|/(package|control|subDocument|frame|aFChunk)$",
    re.IGNORECASE,
)
"""Types of parts, and of what leads to them, of programs, embedded files and what is elsewhere."""


class UnreadableError(Exception):
    """What is no XML, or declares entities."""


@dataclass(frozen=True, slots=True)
class Types:
    """Of which type the parts are, as a package says it."""

    by_name: Mapping[str, str]
    by_ending: Mapping[str, str]

    def of(self, part: str) -> str:
        """Return the type of a part; nothing when none is said."""
        name = part.lower()
        return self.by_name.get(name) or self.by_ending.get(name.rpartition(".")[2], "")

    def every(self) -> tuple[str, ...]:
        """Return all types that are said, also of parts that are not there."""
        return (*self.by_name.values(), *self.by_ending.values())

    def mains(self) -> list[str]:
        """Return the types of main parts."""
        return [kind for kind in self.every() if kind.lower().endswith(".main+xml")]


@dataclass(slots=True)
class _Elements:
    found: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.found.append((name.rpartition(":")[2], attributes))


def types_of(content: bytes) -> Types:
    """Read which types a package's parts are of; raises UnreadableError."""
    by_name, by_ending = dict[str, str](), dict[str, str]()
    for name, attributes in _elements(content):
        kind = attributes.get("ContentType", "").strip()
        if name == "Override":
            by_name[unquote(attributes.get("PartName", "")).lstrip("/").lower()] = kind
        elif name == "Default":
            by_ending[attributes.get("Extension", "").lower()] = kind
    return Types(by_name, by_ending)


def leads_out(content: bytes) -> bool:
    """Whether a part of relationships leads to programs, or to elsewhere than by a link that is clicked.

    Raises UnreadableError.
    """
    for name, attributes in _elements(content):
        kind = attributes.get("Type", "")
        elsewhere = attributes.get("TargetMode", "").strip().lower() == "external"
        if name == "Relationship" and (
            ACTIVE.search(kind) or (elsewhere and not kind.lower().endswith("/hyperlink"))
        ):
            return True
    return False


def is_known(part: str, types: Types, head: bytes) -> bool:
    """Whether a part is of a kind that is taken: by its type, by how its name ends and how it begins."""
    ending = part.lower().rpartition(".")[2]
    return (
        ending in ENDINGS and types.of(part).lower() in KNOWN and not head.lstrip(b"\0 ").startswith(PROGRAMS)
    )


def _elements(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a small piece of XML, in order: no entity is expanded, nothing is fetched."""
    parser = expat.ParserCreate()
    elements = _Elements()
    parser.StartElementHandler = elements.begin
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise UnreadableError from error
    return elements.found


def _refuse_doctype(*_declared: object) -> None:
    raise UnreadableError
