"""The supplier as it is mapped: itself, what it has several of, and who it is."""

from sourcing.suppliers.model.blocks import SupplierBlock
from sourcing.suppliers.model.parts import CategoryApproval, Identifier
from sourcing.suppliers.model.supplier import (
    ABOVE_ALL_SCORES,
    BELOW_ALL_SCORES,
    FALLING_SCORE,
    RISING_SCORE,
    Supplier,
    number_sequence,
)
from sourcing.suppliers.model.words import SupplierWord, WordsLearned

__all__ = [
    "ABOVE_ALL_SCORES",
    "BELOW_ALL_SCORES",
    "FALLING_SCORE",
    "RISING_SCORE",
    "CategoryApproval",
    "Identifier",
    "Supplier",
    "SupplierBlock",
    "SupplierWord",
    "WordsLearned",
    "number_sequence",
]
