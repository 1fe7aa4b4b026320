"""What strangers send as XML is read within bounds, or it is said why not."""

import codecs
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.documents.rules.ubl.inbound import read
from procurement.documents.rules.ubl.parsing import DEEPEST, LARGEST, MOST_ELEMENTS, parsed
from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION_LAUGHS = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'.encode()
BLOWN_UP = f'<!DOCTYPE a [<!ENTITY x "{"x" * 100_000}">]><a>{"&x;" * 20_000}</a>'.encode()


def refused(content: bytes) -> tuple[Unreadable, str]:
    with pytest.raises(UnreadableError) as refusal:
        parsed(content)
    return refusal.value.why, refusal.value.detail


@pytest.mark.parametrize("content", [BILLION_LAUGHS, BLOWN_UP], ids=["billion laughs", "quadratic"])
def test_entities_are_never_expanded(content: bytes) -> None:
    began = time.monotonic()
    assert refused(content)[0] is Unreadable.DOCTYPE
    assert time.monotonic() - began < 1


def test_nothing_that_a_document_names_is_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of nobody's business")
    for content in (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>',
        f'<!DOCTYPE a SYSTEM "{secret.as_uri()}"><a/>',
        f'<!DOCTYPE a [<!ENTITY % x SYSTEM "{secret.as_uri()}"> %x;]><a/>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    ):
        assert refused(content.encode()) == (
            Unreadable.DOCTYPE,
            "It has a DOCTYPE: no document of UBL has one.",
        )


def test_an_inclusion_is_a_name_like_any_other(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("of nobody's business")
    namespace = "http://www.w3.org/2001/XInclude"
    included = f'<xi:include xmlns:xi="{namespace}" parse="text" href="{secret.as_uri()}"/>'
    root = parsed(f"<a>{included}</a>".encode())
    assert "".join(root.itertext()) == ""


def test_depth_is_bounded() -> None:
    assert parsed(b"<a>" * DEEPEST + b"</a>" * DEEPEST).tag == "a"
    deep = DEEPEST + 1
    assert refused(b"<a>" * deep + b"</a>" * deep)[0] is Unreadable.TOO_DEEP
    assert refused(b"<a>" * 500_000)[0] is Unreadable.TOO_DEEP


def test_size_is_bounded() -> None:
    fifty = b"<a>" + b" " * 50 * 2**20 + b"</a>"
    why, detail = refused(fifty)
    assert (why, f"{len(fifty):,}" in detail) == (Unreadable.TOO_LARGE, True)
    longest = LARGEST - len(b"<a></a>")
    assert parsed(b"<a>" + b"x" * longest + b"</a>").text == "x" * longest
    assert refused(b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>")[0] is Unreadable.TOO_LARGE


@pytest.mark.parametrize(
    "content",
    [
        "<a>é</a>".encode(),
        codecs.BOM_UTF8 + "<a>é</a>".encode(),
        '<?xml version="1.0" encoding="utf-8"?><a>é</a>'.encode(),
        "<a>é</a>".encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16"),
        codecs.BOM_UTF16_BE + '<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16-be"),
    ],
)
def test_utf_8_and_utf_16_are_read(content: bytes) -> None:
    assert parsed(content).text == "é"


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"),
        '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("latin-1"),
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode(),
        '<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode(),
        '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?><a>+ADwAIQBEAE8AQwBUAFkAUABF-</a>',
        codecs.BOM_UTF16_LE + b"<",
        b"\xff",
    ],
)
def test_another_encoding_or_another_than_declared_is_named(content: bytes) -> None:
    why, detail = refused(content)
    assert (why, "UTF-8" in detail) == (Unreadable.ENCODING, True)


@pytest.mark.parametrize(
    "content", [b"", b" ", b"{}", b"<a>", b"<a></b>", b"<a/><b/>", b"<a>&nbsp;</a>", b"<a>\0</a>"]
)
def test_what_is_no_xml_is_said_with_its_place(content: bytes) -> None:
    why, detail = refused(content)
    assert why is Unreadable.NOT_WELL_FORMED
    assert detail.startswith("It is no XML: ")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_bytes_come_are_read_or_refused(content: bytes) -> None:
    for read_it in (parsed, read):
        with suppress(UnreadableError):
            read_it(content)
