"""Events of sourcing. Stream `sourcing.categories`, keyed by category."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor_messaging.envelope import Event, Restated


class CategoryName(BaseModel):
    """What a category is called in a language."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: str = Field(description="ISO 639, with a country where that matters", examples=["en"])
    name: str = Field(examples=["Fasteners"])


class CategoryEvent(Event):
    """Something that was decided of a category."""

    service: ClassVar[str] = "sourcing"
    topic: ClassVar[str] = "sourcing.categories"
    key_field: ClassVar[str] = "category_id"

    category_id: UUID
    code: str = Field(description="What suppliers, items and order lines name it by", examples=["fasteners"])


class CategoryDefined(CategoryEvent):
    """A category was defined, or defined otherwise, or is used again; this is all of it.

    Streams of two categories come in any order: what it lies in may be told of later.
    """

    names: tuple[CategoryName, ...]
    parent: str | None = Field(
        default=None,
        description="The code of what it lies in; null: at the top. An approval for that covers it",
        examples=["hardware"],
    )
    owner: str | None = Field(default=None, description="Who answers for it", examples=["carl.category"])
    unspsc: str | None = Field(default=None, description="Its code of the UNSPSC", examples=["31160000"])
    cpv: str | None = Field(
        default=None, description="Its code of the Common Procurement Vocabulary", examples=["44530000-4"]
    )
    retired_on: date | None = Field(default=None, description="Since when nothing new is begun in it")
    taken_over: bool = Field(
        default=False, description="Whether its code was in use before, and nobody has stated it yet"
    )
    defined_by: str = Field(examples=["carl.category"])


class CategoryMoved(CategoryEvent):
    """A category lies elsewhere from now on, with all that lies in it; what was judged before stays so."""

    parent: str | None = Field(description="What it lies in now; null: at the top", examples=["hardware"])
    former_parent: str | None = Field(description="What it lay in before", examples=["metals"])
    asked_by: str | None = Field(
        default=None,
        description="Who asked for it; somebody else has confirmed it",
        examples=["cem.category"],
    )
    moved_by: str = Field(description="Who confirmed it", examples=["carl.category"])


class CategoryRetired(CategoryEvent):
    """Nothing new is begun in a category; approvals that stand go on until their last day."""

    retired_on: date
    reason: str = Field(examples=["bought as a part of hardware"])
    retired_by: str = Field(examples=["carl.category"])


class CategoryRestated(Restated):
    """A category's stream was told again after sourcing lost events; only the events in here hold."""

    service: ClassVar[str] = "sourcing"
    topic: ClassVar[str] = "sourcing.categories"
    key_field: ClassVar[str] = "category_id"

    category_id: UUID
