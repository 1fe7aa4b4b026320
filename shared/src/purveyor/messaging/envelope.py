"""An event, and the CloudEvents 1.0 envelope that it travels in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """A fact in the business's words, past tense. Published versions only ever gain optional fields."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str]
    topic: ClassVar[str]
    key_field: ClassVar[str]
    """The field whose value is the stream's key: what must stay in order shares a key."""
    major: ClassVar[int] = 1

    @classmethod
    def type_name(cls) -> str:
        """Return the CloudEvents `type`, for example `purveyor.sourcing.SupplierApproved.v1`."""
        return f"purveyor.{cls.service}.{cls.__name__}.v{cls.major}"

    @classmethod
    def schema_reference(cls) -> str:
        """Return the CloudEvents `dataschema`: a URI reference into the published schemas."""
        return f"schemas/{cls.type_name()}.json"

    @property
    def key(self) -> str:
        """The key of the stream that this event belongs to."""
        return str(getattr(self, self.key_field))


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event as it travels: CloudEvents attributes, its stream and its number there."""

    id: UUID
    type: str
    source: str
    topic: str
    key: str
    sequence: int
    time: datetime
    data: bytes
    traceparent: str | None = None

    def headers(self) -> list[tuple[str, bytes]]:
        """Return the Kafka headers of the CloudEvents binary mode."""
        headers = [
            ("ce_specversion", b"1.0"),
            ("ce_id", str(self.id).encode()),
            ("ce_type", self.type.encode()),
            ("ce_source", self.source.encode()),
            ("ce_subject", self.key.encode()),
            ("ce_time", self.time.isoformat().encode()),
            ("ce_sequence", str(self.sequence).encode()),
            ("ce_dataschema", f"schemas/{self.type}.json".encode()),
            ("content-type", b"application/json"),
        ]
        if self.traceparent is not None:
            headers.append(("ce_traceparent", self.traceparent.encode()))
        return headers

    @classmethod
    def from_headers(
        cls, topic: str, headers: list[tuple[str, bytes]] | tuple[tuple[str, bytes], ...], data: bytes
    ) -> Self:
        """Read an envelope from Kafka headers; raises ValueError naming what is missing or bad."""
        values = {name: value.decode() for name, value in headers}
        missing = [
            name
            for name in ("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence")
            if name not in values
        ]
        if missing:
            raise ValueError(f"not a CloudEvent of ours: missing {', '.join(missing)}")
        return cls(
            id=UUID(values["ce_id"]),
            type=values["ce_type"],
            source=values["ce_source"],
            topic=topic,
            key=values["ce_subject"],
            sequence=int(values["ce_sequence"]),
            time=datetime.fromisoformat(values["ce_time"]),
            data=data,
            traceparent=values.get("ce_traceparent"),
        )
