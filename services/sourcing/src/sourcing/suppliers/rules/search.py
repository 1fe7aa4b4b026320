"""How texts are compared when suppliers are searched for."""

from __future__ import annotations

import unicodedata


def searchable(*texts: str | None) -> str:
    """Return texts as search compares them, without case, accents and punctuation: Müller is ` muller `.

    A blank stands before and after every word, so that a search can ask for a word's beginning.
    """
    plain = unicodedata.normalize("NFKD", " ".join(text for text in texts if text)).casefold()
    kept = (character for character in plain if not unicodedata.combining(character))
    return f" {' '.join(''.join(c if c.isalnum() else ' ' for c in kept).split())} "


def search_patterns(text: str) -> list[str]:
    """Return the LIKE patterns that must all match: long words anywhere, short ones at a word's beginning.

    Shorter than a trigram, a pattern without its leading blank could not use the index.
    """
    return [f"%{word}%" if len(word) >= 3 else f"% {word}%" for word in searchable(text).split()]
