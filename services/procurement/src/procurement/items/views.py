"""Items as HTTP takes and shows them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from procurement.amounts.rules.categories import TaxCategory
from procurement.fields import Percent, Quantity
from procurement.items.rules.numbers import Gtin, HsCode
from procurement.items.rules.receiving import TrackedBy
from purveyor.days import Day
from purveyor.http.rows import InCell
from purveyor.texts import Code, Line, Name, Reference

ITEM: dict[str, Any] = {
    "description": "Hexagon bolt M8 × 40, zinc plated",
    "category": "fasteners",
    "base_unit": "C62",
    "conversions": [
        {"unit": "XBX", "quantity": "1", "base_quantity": "12", "gtin": "14006381333938"},
        {"unit": "KGM", "quantity": "3", "base_quantity": "100", "gtin": None},
    ],
    "gtin": "04006381333931",
    "makers": [{"maker": "Nordschraube AG", "part_number": "NS-8040-Z"}],
    "order_multiple": "12",
    "minimum_quantity": "120",
    "lead_time_days": 14,
    "over_receipt_tolerance": "5",
    "under_receipt_tolerance": "2",
    "inspection_needed": False,
    "tracked_by": "lot",
    "least_remaining_life_days": None,
    "hs_code": "73181588",
    "tax_category": "S",
    "retired_from": None,
}


class ConversionIn(BaseModel):
    """A quantity of another unit, and the same in base units: 1 box is 12 pieces, 3 kg are 100."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": ITEM["conversions"][:1]})

    unit: Code = Field(description="UN/ECE Recommendation 20 code")
    quantity: Quantity = Field(default=Decimal(1), description="Of this unit")
    base_quantity: Quantity = Field(description="The same in base units")
    gtin: Gtin | None = Field(default=None, description="What is printed on this unit")


class Conversion(ConversionIn):
    """A quantity of another unit, and the same in base units, as it is kept."""

    model_config = ConfigDict(extra="ignore")


class Made(BaseModel):
    """Who makes an item, which need not be who sells it, and what they call it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": ITEM["makers"]})

    maker: Name
    part_number: Reference


class ItemIn(BaseModel):
    """An item as the organisation states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [ITEM]})

    description: Line
    category: Code
    base_unit: Code = Field(description="UN/ECE Recommendation 20 code of what it is counted in")
    conversions: list[ConversionIn] = Field(default=[], max_length=50, description="Other units")
    gtin: Gtin | None = Field(default=None, description="What is printed on the base unit (GS1)")
    makers: list[Made] = Field(default=[], max_length=50)
    order_multiple: Quantity | None = Field(default=None, description="It is ordered in multiples of this")
    minimum_quantity: Quantity | None = Field(default=None, description="It is ordered in no less")
    lead_time_days: int | None = Field(default=None, ge=0, le=3650, description="Usually, from the order on")
    over_receipt_tolerance: Percent | None = Field(
        default=None, description="In percent; null: as the policy says"
    )
    under_receipt_tolerance: Percent | None = Field(
        default=None, description="In percent; null: as the policy says"
    )
    inspection_needed: bool = False
    tracked_by: TrackedBy = Field(
        default=TrackedBy.NONE,
        description="`lot`, `serial`: a receipt says which came; `none`: it may",
    )
    least_remaining_life_days: int | None = Field(
        default=None,
        ge=0,
        le=36_500,
        description="How many days it can be used at least when it arrives; receipts then say until when",
    )
    hs_code: HsCode | None = Field(default=None, description="Of the Harmonized System; dots are left out")
    tax_category: TaxCategory | None = Field(default=None, description="As EN 16931 has them")
    retired_from: Day | None = Field(default=None, description="From this day on it is not ordered any more")

    def content(self) -> dict[str, Any]:
        """Return what it states, as it is kept."""
        return dict(self) | {
            "conversions": [one.model_dump(mode="json") for one in sorted(self.conversions, key=_unit)],
            "makers": [one.model_dump(mode="json") for one in self.makers],
        }


class ConversionInRow(ConversionIn, InCell):
    """The same in a row; in a cell of CSV `XBX=12`, or `KGM=100/3`: three kilograms are a hundred."""

    @classmethod
    def read_cell(cls, cell: str) -> Mapping[str, str]:
        """Return the unit and what so many of it are in base units."""
        unit, _, factor = cell.partition("=")
        base_quantity, _, quantity = factor.partition("/")
        return {"unit": unit, "base_quantity": base_quantity} | ({"quantity": quantity} if quantity else {})

    @classmethod
    def write_cell(cls, shown: Mapping[str, Any]) -> str:
        """Return the same, without a quantity of one."""
        of = "" if shown["quantity"] == "1" else f"/{shown['quantity']}"
        return f"{shown['unit']}={shown['base_quantity']}{of}"


class MadeInRow(Made, InCell):
    """The same in a row; in a cell of CSV `Nordschraube AG: NS-8040-Z`."""

    mark: ClassVar[str] = ":"

    @classmethod
    def read_cell(cls, cell: str) -> Mapping[str, str]:
        """Return the maker and, behind the first colon, its number."""
        maker, _, part_number = cell.partition(":")
        return {"maker": maker, "part_number": part_number}

    @classmethod
    def write_cell(cls, shown: Mapping[str, Any]) -> str:
        """Return the same."""
        return f"{shown['maker']}: {shown['part_number']}"


class ItemRow(ItemIn):
    """An item in bulk: an existing one is changed, and only as it was seen where a version says so."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "M8-HEX-40", "version": None} | ITEM]})

    code: Code
    conversions: list[ConversionInRow] = Field(  # type: ignore[assignment]  # in a cell, too
        default=[], max_length=50, description="Other units; in CSV `XBX=12;KGM=100/3`"
    )
    makers: list[MadeInRow] = Field(  # type: ignore[assignment]  # in a cell, too
        default=[], max_length=50, description="In CSV `Nordschraube AG: NS-8040-Z;Bolt Inc: 17`"
    )
    version: int | None = Field(default=None, ge=1, le=999_999_999, description="The ETag's number")

    @property
    def seen(self) -> tuple[int, ...] | None:
        """The version that it names."""
        return None if self.version is None else (self.version,)

    def content(self) -> dict[str, Any]:
        """Return what it states, as it is kept."""
        stated = super().content()
        del stated["code"], stated["version"]
        return stated


class Item(ItemIn):
    """Something that is bought again and again, under one code."""

    model_config = ConfigDict(
        extra="ignore", from_attributes=True, json_schema_extra={"examples": [{"code": "M8-HEX-40"} | ITEM]}
    )

    code: str
    conversions: list[Conversion]  # type: ignore[assignment]  # shown, and never stated


def _unit(conversion: ConversionIn) -> str:
    return conversion.unit
