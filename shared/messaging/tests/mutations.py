"""Messages that no producer of ours would send: events that are spoilt in one way each."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple
from uuid import uuid4

from shared.messaging.tests.orders import envelope

from purveyor_messaging.envelope import Envelope, Event

Header = tuple[Any, bytes | None]


class Message(NamedTuple):
    """What is put on a topic."""

    key: bytes | None
    value: bytes | None
    headers: list[Header]
    timestamp: int | None = None


class NotUtf8(str):
    """The name of a header as other clients may write it: any bytes."""

    def encode(self, *_: Any) -> bytes:  # type: ignore[override]
        return b"\xff\xfe" + str.encode(self)


def of(event: Envelope) -> Message:
    return Message(event.key.encode(), event.data, list(event.headers()))


def _set(message: Message, name: str, value: bytes | None) -> Message:
    return message._replace(headers=[(each, value if each == name else had) for each, had in message.headers])


def _any_header(message: Message, random: Random) -> str:
    return str(random.choice([name for name, _ in message.headers if name.startswith("ce_")]))


def _body(text: str) -> Callable[[Message, Random], Message]:
    return lambda message, _: message._replace(
        value=text.replace("KEY", (message.key or b"").decode()).encode("utf-8", "surrogatepass")
    )


def _header(name: str, value: bytes) -> Callable[[Message, Random], Message]:
    return lambda message, _: _set(message, name, value)


def _missing(message: Message, random: Random) -> Message:
    gone = _any_header(message, random)
    return message._replace(headers=[each for each in message.headers if each[0] != gone])


def _doubled(message: Message, random: Random) -> Message:
    return message._replace(headers=[*message.headers, (_any_header(message, random), random.randbytes(9))])


def _noise(message: Message, random: Random) -> Message:
    value = bytearray(message.value or b"")
    for _ in range(random.randint(1, 5)):
        value[random.randrange(len(value))] = random.randrange(256)
    return message._replace(value=bytes(value))


def _truncated(message: Message, random: Random) -> Message:
    return message._replace(value=(message.value or b"")[: random.randrange(40)])


MUTATIONS: dict[str, Callable[[Message, Random], Message]] = {
    "a header is missing": _missing,
    "a header is doubled": _doubled,
    "a header is null": lambda message, random: _set(message, _any_header(message, random), None),
    "a header is empty": lambda message, random: _set(message, _any_header(message, random), b""),
    "a header is huge": lambda message, random: _set(message, _any_header(message, random), b"7" * 20_000),
    "a header holds a null": lambda message, random: _set(message, _any_header(message, random), b"a\0b"),
    "a header is not UTF-8": lambda message, random: _set(message, _any_header(message, random), b"\xc3\x28"),
    "a header is a lone surrogate": lambda message, random: _set(
        message, _any_header(message, random), b"\xed\xa0\x80"
    ),
    "a header is noise": lambda message, random: _set(
        message, _any_header(message, random), random.randbytes(30)
    ),
    "a header's name is not UTF-8": lambda message, _: message._replace(
        headers=[*message.headers, (NotUtf8("name"), b"value")]
    ),
    "a foreign header is huge": lambda message, _: message._replace(
        headers=[*message.headers, ("x" * 5_000, b"y" * 90_000)]
    ),
    "no headers": lambda message, _: message._replace(headers=[]),
    "the sequence overflows": _header("ce_streamsequence", str(2**63 - 1).encode()),
    "the sequence overflows by much": _header("ce_streamsequence", b"9" * 200),
    "the sequence is far ahead": _header("ce_streamsequence", str(2**62).encode()),
    "the sequence is negative": _header("ce_streamsequence", b"-1"),
    "the sequence is zero": _header("ce_streamsequence", b"0"),
    "the sequence has other digits": _header("ce_streamsequence", b"\xd9\xa1"),
    "the epoch overflows": _header("ce_streamepoch", str(2**31).encode()),
    "the id is none": _header("ce_id", b"not-an-id"),
    "the predecessor is another": _header("ce_streamprevious", str(uuid4()).encode()),
    "the predecessor is none": _header("ce_streamprevious", b"{"),
    "the type is unknown": _header("ce_type", b"purveyor.toys.Unheard.v1"),
    "the time is at the end of days": _header("ce_time", b"9999-12-31T23:59:59-14:00"),
    "the time is before all days": _header("ce_time", b"0001-01-01T00:00:00+14:00"),
    "the time is of no zone": _header("ce_time", b"2026-03-02T09:30:00"),
    "the trace is noise": _header("ce_traceparent", b"\xff\x1b[2J00-zz"),
    "the key is null": lambda message, _: message._replace(key=None),
    "the key is another": lambda message, random: message._replace(key=random.randbytes(12)),
    "nothing is said": lambda message, _: message._replace(value=None),
    "it is huge": lambda message, _: message._replace(value=b'{"amount": "' + b"x" * 200_000 + b'"}'),
    "it is truncated": _truncated,
    "it is noise": _noise,
    "it is deep": lambda message, _: message._replace(value=b'{"order_id": ' + b"[" * 50_000),
    "it is deep in what nobody reads": _body(
        '{"order_id": "KEY", "amount": 1, "x": ' + "[" * 150 + "]" * 150 + "}"
    ),
    "a number is infinite": _body('{"order_id": "KEY", "amount": 1e400}'),
    "a number is none": _body('{"order_id": "KEY", "amount": NaN}'),
    "a number is too large for its column": _body('{"order_id": "KEY", "amount": 99999999999999999999}'),
    "a number has more digits than are read": _body('{"order_id": "KEY", "amount": ' + "9" * 6_000 + "}"),
    "a type is another": _body('{"order_id": ["KEY"], "amount": {"of": 1}}'),
    "a surrogate is alone": _body('{"order_id": "KEY", "amount": "\\ud800"}'),
    "a surrogate is alone, in bytes": _body('{"order_id": "KEY", "amount": "\ud800"}'),
    "a text holds a null": _body('{"order_id": "KEY\\u0000", "amount": 1}'),
    "it is a list": _body("[1, 2]"),
    "its time on the topic is none": lambda message, _: message._replace(headers=[], timestamp=0),
}


def mutated(event: type[Event], random: Random, kind: str) -> Message:
    """Return the first event of a new stream, spoilt."""
    return MUTATIONS[kind](of(envelope(str(uuid4()), 1, event=event)), random)  # type: ignore[arg-type]
