"""Events as CloudEvents 1.0 writes them in JSON: to our own people, and to the supplier they speak of."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from purveyor_messaging.envelope import Envelope

DATA: dict[str, Any] = {"examples": [{"order_id": "0199c2f0-7a51-7c3e-9d44-2f1f6c1f5a0f"}]}


def _is_absent(value: object) -> bool:
    """Whether an attribute is left out: CloudEvents knows no null."""
    return value is None


class _Attributes(BaseModel):
    """What is said of an event to whoever hears of it."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID = Field(examples=["0199c2f0-7a51-7c3e-9d44-2f1f6c1f5a10"])
    type: str = Field(examples=["purveyor.procurement.POIssued.v1"])
    source: str = Field(examples=["procurement"])
    subject: str = Field(
        description="The key of its stream", examples=["0199c2f0-7a51-7c3e-9d44-2f1f6c1f5a0f"]
    )
    time: datetime = Field(description="When it was recorded", examples=["2026-03-02T09:30:00Z"])
    datacontenttype: Literal["application/json"] = "application/json"


class CloudEvent(_Attributes):
    """An event as CloudEvents 1.0 writes it in JSON: the very attributes that it has on Kafka."""

    dataschema: str = Field(
        description="The JSON Schema of `data`, which `GET /schemas/{type}` answers",
        examples=["https://purveyor.example/schemas/purveyor.procurement.POIssued.v1"],
    )
    streamsequence: str = Field(description="Its number in its stream, from 1, without gaps", examples=["3"])
    streamprevious: UUID | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="The id of the event before it in its stream; absent at the first",
        examples=["0199c2f0-6d10-7b1a-8e55-3a2d5b7c9e01"],
    )
    streamepoch: str = Field(description="The incarnation of the database that recorded it", examples=["1"])
    traceparent: str | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="W3C trace context of what caused it; absent when that was not traced",
        examples=["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    )
    data: dict[str, Any] = Field(**DATA)


class CloudEventForSupplier(_Attributes):
    """What happened to something of the supplier's, as CloudEvents 1.0 writes it in JSON.

    No number in its stream: what is not told would show as a gap; and no schema: that is of all of it.
    """

    data: dict[str, Any] = Field(**DATA)


def attributes_of(envelope: Envelope) -> dict[str, Any]:
    """Return what is said of an event to whoever hears of it."""
    return {
        "id": envelope.id,
        "type": envelope.type,
        "source": envelope.source,
        "subject": envelope.key,
        "time": envelope.time,
    }
