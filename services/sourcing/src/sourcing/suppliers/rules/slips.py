"""Words with one slip of the pen: a letter wrong, missing or too many, or two of them swapped."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST, LONGEST = 4, 40
"""How many letters a word has in which a slip is looked for: shorter ones have too many neighbours."""


def learned(text: str) -> set[str]:
    """Return the words of a text as search compares it that a typed word may be a slip of."""
    return {word for word in text.split() if may_have_slipped(word)}


def may_have_slipped(word: str) -> bool:
    """Return whether a slip is looked for in a word: in none that has a digit, which is a number."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def without_a_letter(word: str) -> list[str]:
    """Return a word, and what is left of it without each one of its letters.

    Two words that are one slip apart have one of these in common (Garbe's symmetric deletes).
    """
    return sorted({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})


def slips_of(typed: str, words: Iterable[str]) -> list[str]:
    """Return those of some words that a typed one is a slip of, first those that begin as it does."""
    return sorted(
        (word for word in words if is_slip(typed, word)), key=lambda word: (word[:1] != typed[:1], word)
    )


def is_slip(typed: str, word: str) -> bool:
    """Return whether two words are one slip apart: their distance is one (Damerau's optimal alignment)."""
    begin = next((at for at, (one, other) in enumerate(zip(typed, word, strict=False)) if one != other), None)
    if begin is None:
        return abs(len(typed) - len(word)) == 1
    typed, word = typed[begin:], word[begin:]
    is_swapped = typed[1::-1] == word[:2] and typed[2:] == word[2:]
    return is_swapped or word[1:] in (typed, typed[1:]) or typed[1:] == word
