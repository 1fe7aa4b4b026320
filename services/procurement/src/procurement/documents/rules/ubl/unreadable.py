"""Why a document that came in cannot be read: it is kept and parked with that, not refused."""

from __future__ import annotations

from enum import StrEnum


class Unreadable(StrEnum):
    """What a document is not."""

    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    ENCODING = "encoding"
    DOCTYPE = "doctype"
    NOT_WELL_FORMED = "not_well_formed"
    NOT_KNOWN = "not_known"
    """Another root element than those that are read."""
    VALUE_MISSING = "value_missing"
    VALUE_WRONG = "value_wrong"


class UnreadableError(Exception):
    """A document cannot be read; its text says where and what would be right."""

    def __init__(self, why: Unreadable, detail: str) -> None:
        super().__init__(detail)
        self.why = why
        self.detail = detail
