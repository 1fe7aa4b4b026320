"""Numbers that people type where a form demands one: they name nobody."""

from __future__ import annotations

COUNTING = ("12345678901234567890", "01234567890123456789", "98765432109876543210")
SHORTEST_COUNT = 7
"""Shorter runs of counting digits may be somebody's number."""


def is_placeholder(number: str, check_digits: int = 0) -> bool:
    """Return whether a number, but for its check digits, repeats one sign or only counts."""
    body = number[:-check_digits] if check_digits else number
    if not body or len(set(body)) == 1:
        return True
    return len(body) >= SHORTEST_COUNT and any(count.startswith(body) for count in COUNTING)
