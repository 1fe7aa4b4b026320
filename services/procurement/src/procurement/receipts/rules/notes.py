"""The same delivery note twice: refused, or warned of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from procurement.receipts.rules.arriving import Arrival


class RepeatedIs(StrEnum):
    """What becomes of a receipt whose delivery note the order has received before."""

    REFUSED = "refused"
    WARNED_OF = "warned_of"


class DeliveryNotes(BaseModel):
    """Whether goods are received twice under one delivery note, without its being said that others came."""

    model_config = ConfigDict(frozen=True)

    repeated_is: RepeatedIs = Field(
        default=RepeatedIs.REFUSED,
        description="`refused`: no receipt is made; `warned_of`: it is, and its answer names the first",
    )


@dataclass(frozen=True, slots=True)
class Warned:
    """Something about a receipt that was taken nevertheless."""

    code: str
    pointer: str
    detail: str


def note_received_before(arrival: Arrival, number: str, on: date) -> Warned:
    """Return what is said of a delivery note that the order has received before."""
    why = f"The order has received {arrival.despatch_reference} with {number} on {on}."
    return Warned("despatch_received_before", "/despatch_reference", why)
