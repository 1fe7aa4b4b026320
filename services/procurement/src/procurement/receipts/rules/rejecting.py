"""What becomes of goods that were refused at inspection."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class RejectedIs(StrEnum):
    """What becomes of what was refused at inspection."""

    OWED_AGAIN = "owed_again"
    """The supplier replaces it: the line stays open for that much."""
    ENDS = "ends"
    """Nothing comes in its place: the line ends as far as it goes."""


class RejectionKind(StrEnum):
    """What was wrong with goods that were refused, in a word."""

    DAMAGED = "damaged"
    WRONG = "wrong"
    """Something else came than was ordered."""
    DEFECTIVE = "defective"
    """It is not as it was specified."""
    EXPIRED = "expired"
    """It cannot be used any more, or not for long enough."""


class RejectedGoods(BaseModel):
    """What becomes of rejected goods when their receipt does not say so."""

    model_config = ConfigDict(frozen=True)

    rejected_is: RejectedIs = Field(
        default=RejectedIs.OWED_AGAIN,
        description="`owed_again`: the supplier replaces them, and the line stays open; `ends`: it does not",
    )
