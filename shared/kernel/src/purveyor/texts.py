"""Texts as they enter: brought to one form, refused when they hold what nobody can see or type.

Every field of a request that holds a text has one of these types (asked by `purveyor.testing.texts`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from purveyor.unseen import (
    CANNOT_BE_SEEN,
    CATEGORIES,
    FILLERS,
    JOINERS,
    LETTERS_AND_MARKS,
    MONGOLIAN_SELECTORS,
    SWITCHING_DIRECTION,
    VARIATION_SELECTORS,
)

LONGEST_WORD = 100
WORD = re.compile(r"\w+")
CURSIVE = ("ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "MANDAIC", "PHAGS-PA", "ADLAM")
DECOMPOSED = 4
LINE_ENDS = frozenset("\n\r\t")
PLAIN = re.compile(
    "[\\x20-\\x7e\\xa1-\\xac\\xae-\\u034e\\u0391-\\u03a1\\u03a3-\\u0482\\u048a-\\u052f"
    "\\u3001-\\u3029\\u3041-\\u3096\\u30a1-\\u30ff\\u4e00-\\u9fef\\uac00-\\ud7a3\\uff01-\\uff9f]*"
)
"""Texts that hold nothing to look at one by one: most of what is written on earth."""
ONE_LETTER, ONE_LETTER_OR_DIGIT = re.compile("[A-Za-z]"), re.compile("[A-Za-z0-9]")
SEPARATOR = re.compile("[,;|\u060c\u061b\u3001]|\\s/|/\\s")
"""What stands between the items of a list, in this script or that; a slash does when it has blanks around."""
ENCLOSING = re.compile(r'[\[\]{}"]')
"""What stands around a list, or around its items, where a program has written it."""
UNSEEN_IN_A_LINE = (
    r"\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ue000-\uf8ff\ufeff\ufff9-\ufffb"
)
SEPARATORS_OF_ANY_WIDTH = r",;|\u060c\u061b\u3001\ufe10-\ufe14\ufe50-\ufe54\uff0c\uff1b\uff5c\uff64"
ENCLOSING_OF_ANY_WIDTH = r"\[\]\{\}\x22\ufe37\ufe38\ufe47\ufe48\ufe5b\ufe5c\uff02\uff3b\uff3d\uff5b\uff5d"
DOCUMENTED = {
    "line": rf"^[^{UNSEEN_IN_A_LINE}]+$",
    "one": rf"^[^{UNSEEN_IN_A_LINE}{SEPARATORS_OF_ANY_WIDTH}{ENCLOSING_OF_ANY_WIDTH}]+$",
    "prose": r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+$",
}
"""What JSON Schema says of texts: nearly all of what is refused, in ranges that every dialect understands."""


class Needs(StrEnum):
    """What a text must have to say anything."""

    LETTER = "a letter"
    LETTER_OR_DIGIT = "a letter or digit"
    SIGN = "something to read"


@dataclass(frozen=True, slots=True)
class TextKind:
    """What a text is for: how long it may be, in which form it is kept, what it must and may hold."""

    longest: int
    form: Literal["NFC", "NFKC"] = "NFC"
    needs: Needs = Needs.SIGN
    is_prose: bool = False
    shortest: int = 1
    is_one: bool = False
    """One key, never several in one text: what separates or encloses the items of a list is refused."""

    def read(self, text: str) -> str:
        """Return a text in its one form; raises PydanticCustomError naming the character that is wrong."""
        is_plain = text.isascii() and text.isprintable()
        if not is_plain:
            if not PLAIN.fullmatch(text):
                self._look_at_each(text)
            text = unicodedata.normalize(self.form, text).strip()
        if self.is_one and (separator := SEPARATOR.search(text)):
            raise PydanticCustomError(
                "looks_like_a_list",
                "holds {separator}, as a list does, and is one key: state several as a list (in CSV {cell})",
                {"separator": repr(separator[0].strip()), "cell": "separated by semicolons, as in a;b"},
            )
        if self.is_one and (sign := ENCLOSING.search(text)):
            raise PydanticCustomError(
                "looks_like_a_list",
                "holds {sign}, as what is written around a list or a text, and is one key: state it bare",
                {"sign": repr(sign[0])},
            )
        if len(text) > self.longest:
            raise PydanticKnownError("string_too_long", {"max_length": self.longest})
        if len(text) < self.shortest:
            raise PydanticKnownError("string_too_short", {"min_length": self.shortest})
        if not (is_plain and self.needs is Needs.SIGN) and not self._says_something(text):
            raise PydanticCustomError("text_says_nothing", "needs {needs}", {"needs": self.needs.value})
        return text

    def _look_at_each(self, text: str) -> None:
        for place, character in enumerate(text):
            reason = self._refusal(character, text[place - 1 : place], text[place + 1 : place + 2])
            if reason is not None:
                raise PydanticCustomError(
                    "character_refused",
                    "holds {name} as character {place}, {reason}: leave it out",
                    {"name": named(character), "place": place + 1, "reason": reason},
                )

    def _refusal(self, character: str, before: str, after: str) -> str | None:
        """Return why a character may not stand between its neighbours, None where it may."""
        category = unicodedata.category(character)
        if self.is_prose:
            if character in SWITCHING_DIRECTION:
                return "which turns the direction of what follows"
            unseen = category in ("Cc", "Cs") and character not in LINE_ENDS
            return CATEGORIES[category] if unseen else None
        is_key = self.form == "NFKC"
        if character in VARIATION_SELECTORS or character in MONGOLIAN_SELECTORS:
            return CANNOT_BE_SEEN if is_key or not before else None
        if character in JOINERS and not is_key and _joins(before, after):
            return None
        if is_key and character == "\ufffd":
            return "which stands for what was lost when the text was read in a wrong encoding"
        return CANNOT_BE_SEEN if character in FILLERS else CATEGORIES.get(category)

    def _says_something(self, text: str) -> bool:
        match self.needs:
            case Needs.LETTER:
                return ONE_LETTER.search(text) is not None or any(map(str.isalpha, text))
            case Needs.LETTER_OR_DIGIT:
                return ONE_LETTER_OR_DIGIT.search(text) is not None or any(map(str.isalnum, text))
            case Needs.SIGN:
                return any(map(shows, text))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        # Decomposed, a text is longer than it is in its one form, which is measured.
        text = core_schema.str_schema(strip_whitespace=True, max_length=DECOMPOSED * self.longest)
        return core_schema.no_info_after_validator_function(self.read, text)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "minLength": self.shortest,
            "maxLength": self.longest,
            "pattern": DOCUMENTED["prose" if self.is_prose else "one" if self.is_one else "line"],
        }


def named(character: str) -> str:
    """Return a character as Unicode names it: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def shows(character: str) -> bool:
    """Return whether a character is seen when it stands by itself."""
    return unicodedata.category(character)[0] not in "CZM" and character not in FILLERS


def _joins(before: str, after: str) -> bool:
    """Return whether a joiner does something here: beside a virama or in cursive script (RFC 5892, A)."""
    if not before:
        return False
    if 9 in (unicodedata.combining(before), unicodedata.combining(after or " ")):
        return True
    return unicodedata.category(before)[0] in "LM" and unicodedata.name(before, "").startswith(CURSIVE)


def comparable(text: str) -> str:
    """Return a text as it is compared with others: NFKC, case folded, without what is not seen (UAX 31).

    Never shown: it is for keys of comparison only.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", "".join(_seen(folded)))


def words_of(*texts: str) -> list[str]:
    """Return the words of texts as they are compared with others: `Ø 8 × 40-A2` has 8, 40 and a2."""
    return sorted({word[:LONGEST_WORD] for text in texts for word in WORD.findall(comparable(text))})


def _seen(text: str) -> Iterator[str]:
    return (c for c in text if c not in LETTERS_AND_MARKS and unicodedata.category(c) != "Cf")


def from_header(value: Any) -> Any:
    """Return a header's text as it was written: UTF-8, which the server reads as Latin-1 (RFC 9110)."""
    try:
        return value.encode("latin-1").decode() if isinstance(value, str) else value
    except UnicodeError:
        return value


Code = Annotated[str, TextKind(64, form="NFKC", is_one=True)]
"""A short key of our own: a site, a business unit, a category; nothing in it separates or encloses a list."""

ItemCode = Annotated[str, TextKind(64, form="NFKC")]
"""An item's number, or what stands for one where there is none: `Bolt, M8`."""

GivenNumber = Annotated[str, TextKind(64, form="NFKC")]
"""A number that an authority gave, in any usual spelling."""

Reference = Annotated[str, TextKind(200, form="NFKC")]
"""Somebody else's key for something: of another system, or of the supplier."""

HeaderKey = Annotated[str, TextKind(255, form="NFKC"), BeforeValidator(from_header)]
"""A key that comes in a header."""

Name = Annotated[str, TextKind(300, needs=Needs.LETTER)]
"""What somebody or something is called, in any script."""

Line = Annotated[str, TextKind(500)]
"""A line of text that people write and read."""

Why = Annotated[str, TextKind(1000, shortest=3, is_prose=True)]
"""Why somebody decided so, in more than a word."""

Prose = Annotated[str, TextKind(2000, is_prose=True)]
"""Text of one or several lines."""
