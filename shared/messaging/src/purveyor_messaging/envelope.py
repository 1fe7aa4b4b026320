"""An event, and the CloudEvents 1.0 envelope that it travels in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json

from purveyor.tracing import context_of
from purveyor_messaging.audience import NOTHING, Told

REQUIRED_HEADERS = ("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_streamsequence")
DEFAULT_SCHEMAS = "https://purveyor.example/schemas/"
"""What `dataschema` begins with until an organisation says where: PURVEYOR_SCHEMAS_URL."""
RESTATED = "Restated"
"""How the name of an event ends that tells a stream again, as it stands now: a snapshot."""
LARGEST_SEQUENCE = 2**62
LARGEST_EPOCH = 2**31 - 1
LONGEST_HEADER = 256
"""Bytes of any header of ours: what is longer could not be indexed where it is parked."""


class Event(BaseModel):
    """A fact in the business's words, past tense. Published versions only ever gain optional fields."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str]
    topic: ClassVar[str]
    key_field: ClassVar[str]
    """The field whose value is the stream's key: what must stay in order shares a key."""
    major: ClassVar[int] = 1
    to_supplier: ClassVar[Told] = NOTHING
    """What the supplier that it speaks of is told of it; by default not even that it happened."""

    @classmethod
    def type_name(cls) -> str:
        """Return the CloudEvents `type`, for example `purveyor.sourcing.SupplierApproved.v1`."""
        return f"purveyor.{cls.service}.{cls.__name__}.v{cls.major}"

    @property
    def key(self) -> str:
        """The key of the stream that this event belongs to."""
        return str(getattr(self, self.key_field))


class ToldEvent(BaseModel):
    """An event of the stream that holds, as it was told when it was recorded."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID = Field(examples=["0199c2f0-7a51-7c3e-9d44-2f1f6c1f5a10"])
    type: str = Field(examples=["purveyor.sourcing.SupplierRegistered.v1"])
    sequence: int = Field(examples=[1])
    time: datetime = Field(examples=["2026-03-02T09:30:00Z"])
    data: dict[str, Any] = Field(
        description="What it said; its type has the schema", examples=[{"reason": "ceased trading"}]
    )


class Restated(Event):
    """The stream was told again after its publisher lost events: only the events in here hold."""

    reason: str = Field(examples=["restored from the backup of 2026-11-25"])
    part: int = Field(default=1, ge=1, description="Of a history too long for one event", examples=[1])
    parts: int = Field(default=1, ge=1, examples=[1])
    events: tuple[ToldEvent, ...] = Field(
        default=(), description="In their order; none where nothing is left of what the stream spoke of"
    )


class Envelope(NamedTuple):
    """One event as it travels: CloudEvents attributes, its stream and its number there.

    A tuple, because a relay makes tens of thousands a second.
    """

    id: UUID
    type: str
    source: str
    topic: str
    key: str
    sequence: int
    time: datetime
    data: bytes
    traceparent: str | None = None
    previous: UUID | None = None
    """The id of the event before it in its stream; none at the first, and in events of before the chain."""
    epoch: int = 1
    """The incarnation of the database that recorded it."""

    @property
    def restates(self) -> bool:
        """Whether it begins to tell its stream again, as it stands in a new epoch, whatever was told before.

        The later parts of a long history follow on the first as any event follows on another.
        """
        if not is_restated(self.type):
            return False
        try:
            said = from_json(self.data)
        except ValueError:
            return True
        return not isinstance(said, dict) or said.get("part", 1) == 1

    def headers(self, schemas: str = DEFAULT_SCHEMAS) -> list[tuple[str, bytes]]:
        """Return the Kafka headers of the CloudEvents binary mode; `schemas` begins `dataschema`.

        The number in the stream, the event before it and the epoch are extensions of our own: CloudEvents
        has a `sequence`, which counts a source's events and compares as text.
        """
        id_, type_, source, _, key, sequence, time, _, traceparent, previous, epoch = self
        headers = [
            *_constant_headers(type_, source, schemas),
            ("ce_id", str(id_).encode()),
            ("ce_subject", key.encode()),
            ("ce_time", time.isoformat().replace("+00:00", "Z").encode()),  # as JSON has it
            ("ce_streamsequence", str(sequence).encode()),
            ("ce_streamepoch", str(epoch).encode()),
        ]
        if previous is not None:
            headers.append(("ce_streamprevious", str(previous).encode()))
        if traceparent is not None:
            headers.append(("ce_traceparent", traceparent.encode()))
            headers.append(("traceparent", traceparent.encode()))
        return headers

    @classmethod
    def from_headers(cls, topic: str, headers: Iterable[tuple[str, bytes | None]], data: bytes) -> Self:
        """Read an envelope from Kafka headers; raises ValueError naming what is missing or bad."""
        values = {name: value or b"" for name, value in headers if name.startswith("ce_")}
        _check_headers(values)
        traceparent = values.get("ce_traceparent", b"").decode("latin-1")
        previous = values.get("ce_streamprevious")
        return cls(
            id=UUID(values["ce_id"].decode()),
            type=values["ce_type"].decode(),
            source=values["ce_source"].decode(),
            topic=topic,
            key=values["ce_subject"].decode(),
            sequence=_number(values, "ce_streamsequence", LARGEST_SEQUENCE),
            time=_time(values["ce_time"].decode()),
            data=data,
            traceparent=traceparent if context_of(traceparent) else None,
            previous=UUID(previous.decode()) if previous else None,
            epoch=_number(values, "ce_streamepoch", LARGEST_EPOCH) if "ce_streamepoch" in values else 1,
        )


def dataschema(type_: str, schemas: str) -> str:
    """Return the URI of an event type's schema, which any service answers at `/schemas/{type}`."""
    return f"{schemas}{type_}"


def is_restated(type_: str) -> bool:
    """Whether events of a type tell a stream again."""
    return type_.rpartition(".")[0].endswith(RESTATED)


def _check_headers(values: Mapping[str, bytes]) -> None:
    """Raise ValueError for headers that are missing, or that nothing of ours could hold."""
    missing = [name for name in REQUIRED_HEADERS if not values.get(name)]
    if missing:
        raise ValueError(f"not a CloudEvent of ours: missing {', '.join(missing)}")
    for name, value in values.items():
        if len(value) > LONGEST_HEADER:
            raise ValueError(
                f"not a CloudEvent of ours: {name} has {len(value)} bytes, {LONGEST_HEADER} are taken"
            )
        if b"\0" in value:
            raise ValueError(f"not a CloudEvent of ours: {name} holds a null character")


def _time(text: str) -> datetime:
    """Return a moment; raises ValueError for what is none, has no time zone, or is none in UTC."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("not a CloudEvent of ours: ce_time has no time zone")
    try:
        time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"not a CloudEvent of ours: ce_time {text!r}") from error
    return time


def _number(values: Mapping[str, bytes], name: str, largest: int) -> int:
    """Return a number from 1; raises ValueError for anything else."""
    text = values[name]
    if not text.isdigit() or not 0 < (number := int(text)) <= largest:
        raise ValueError(f"not a CloudEvent of ours: {name} {text!r}")
    return number


@lru_cache(maxsize=1024)
def _constant_headers(type_: str, source: str, schemas: str) -> tuple[tuple[str, bytes], ...]:
    """Return the headers that all events of a type share."""
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", type_.encode()),
        ("ce_source", source.encode()),
        ("ce_dataschema", dataschema(type_, schemas).encode()),
        ("content-type", b"application/json"),
    )
