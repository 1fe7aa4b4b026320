"""How texts are compared when suppliers are searched for."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from purveyor.texts import comparable

FORM = 1
"""Grows when `searchable` or `likeness` give other texts than before: the worker then indexes all anew."""
BY_NAME = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER (?:DOTLESS |LONG )?([A-Z]) ?(?:WITH .*)?")
BY_SOUND = {
    "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n", "ĸ": "k", "ə": "e", "\u02bc": "", "\u02bb": "",
}  # fmt: skip
DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""How German, Danish and Norwegian write letters where they have none of them."""
WORDS_BY_THEMSELVES = re.compile(
    "([\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
"""Han, Hiragana and Katakana: written without blanks, so that a word begins anywhere."""


def searchable(*texts: str | None) -> str:
    """Return texts as search compares them, without case, accents and punctuation: Müller is ` muller `.

    A blank stands before and after every word, so that a search can ask for a word's beginning; each Chinese
    and Japanese character is a word. Letters that are no accented ones become those that one types instead
    of them: Łódź is ` lodz `, Ærø ` aero `.
    """
    plain = unicodedata.normalize("NFKD", comparable(" ".join(text for text in texts if text)))
    kept = "".join(_typed(character) for character in plain if not unicodedata.combining(character))
    words = WORDS_BY_THEMSELVES.sub(r" \1 ", kept).split()
    return f" {' '.join(words)} "


def indexed(*texts: str | None) -> str:
    """Return what a search looks into: texts as they are compared, and with ae, oe, ue for ä, ö, ü."""
    stated = comparable(" ".join(text for text in texts if text))
    spelt = stated.translate(DIGRAPHS)
    return searchable(stated) if spelt == stated else f"{searchable(stated)}{searchable(spelt)[1:]}"


def search_patterns(text: str) -> list[str]:
    """Return the LIKE patterns that must all match: long words anywhere, short ones at a word's beginning.

    Shorter than a trigram, a pattern without its leading blank could not use the index. Chinese and Japanese
    characters must follow on each other as they were typed.
    """
    patterns = []
    for typed in text.split():
        words = searchable(typed).split()
        if any(map(WORDS_BY_THEMSELVES.fullmatch, words)):
            patterns.append(f"% {' '.join(words)}%")
        else:
            patterns += [f"%{word}%" if len(word) >= 3 else f"% {word}%" for word in words]
    return patterns


def whole_words(text: str) -> list[str]:
    """Return the LIKE patterns that all match where each word of a text is a whole one, in any order."""
    typed = (searchable(word) for word in text.split())
    return [f"%{word}%" for word in typed if word.strip()]


@cache
def _typed(character: str) -> str:
    """Return what one types for a character: a letter without its stroke, a blank for punctuation."""
    if character.isascii() or not character.isalpha():
        is_part = character.isalnum() or unicodedata.category(character)[0] == "M"
        return character if is_part else " "
    if character in BY_SOUND:
        return BY_SOUND[character]
    named = BY_NAME.fullmatch(unicodedata.name(character, ""))
    return named[1].lower() if named else character
