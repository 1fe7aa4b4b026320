"""The categories of tax of EN 16931 (UNCL5305, as far as the standard takes it)."""

from __future__ import annotations

from enum import StrEnum


class TaxCategory(StrEnum):
    """How something is taxed, before any rate."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    NOT_TAXED = "O"
    CANARY_ISLANDS = "L"
    CEUTA_AND_MELILLA = "M"


RATED = frozenset({TaxCategory.STANDARD, TaxCategory.CANARY_ISLANDS, TaxCategory.CEUTA_AND_MELILLA})
"""Those with a rate above zero, or of zero in the islands; the others have none (BR-Z-05, BR-E-05, …)."""
