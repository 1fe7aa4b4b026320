"""Numbers and names that people type where a form demands one: they name nobody."""

from __future__ import annotations

from sourcing.suppliers.rules.search import searchable

COUNTING = ("12345678901234567890", "01234567890123456789", "98765432109876543210")
SHORTEST_COUNT = 7
"""Shorter runs of counting digits may be somebody's number."""


NAMELESS = frozenset(
    (
        *("n a", "na", "n n", "nn", "k a", "tbd", "tba", "tbc", "to be determined", "to be announced"),
        *("null", "none", "nil", "nan", "undefined", "unknown", "not known", "not available", "xxx", "xxxx"),
        *("not applicable", "no name", "noname", "missing", "empty", "blank", "dummy", "placeholder"),
        *("unbekannt", "keine angabe", "inconnu", "desconocido", "sconosciuto", "onbekend", "nieznany"),
    )
)
"""As search compares them: N/A, n.a., #N/A and (n/a) are one."""


def named(name: str) -> str:
    """Return a name; raises ValueError for one that stands for a name that nobody knows."""
    words = searchable(name).strip()
    if words in NAMELESS or not any(character.isalnum() for character in name):
        raise ValueError(f"{name!r} names nobody: state the name that the supplier is registered under")
    return name


def is_placeholder(number: str, check_digits: int = 0) -> bool:
    """Return whether a number, but for its check digits, repeats one sign or only counts."""
    body = number[:-check_digits] if check_digits else number
    if not body or len(set(body)) == 1:
        return True
    return len(body) >= SHORTEST_COUNT and any(count.startswith(body) for count in COUNTING)
