"""Names of files, as people give them and as they are sent back: never a place."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from purveyor.texts import Needs, TextKind

LONGEST = 200
NOT_IN_A_NAME = re.compile(r'[/\\:*?"<>|\u2044\u2215\u29f8\uff0f\uff3c]')
"""What separates folders, drives and streams, here or in other systems, or looks as if it did."""


def _without_a_place(name: str) -> str:
    """Return a name; raises PydanticCustomError for one that says where, or that systems hide or lose."""
    if sign := NOT_IN_A_NAME.search(name):
        raise PydanticCustomError(
            "name_says_where",
            "holds {sign}, which is no part of a file's name: state the name alone, without its folder",
            {"sign": repr(sign[0])},
        )
    if name.startswith((".", "-", "~")) or name.endswith("."):
        raise PydanticCustomError("name_hides", "begins or ends as no file's name does: give it a plain one")
    return name


FileName = Annotated[str, TextKind(LONGEST, needs=Needs.LETTER_OR_DIGIT), AfterValidator(_without_a_place)]
"""What a file is called, with its ending and without its folder."""


def as_attachment(name: str) -> str:
    """Return the `Content-Disposition` of a file that is kept, never shown (RFC 6266, RFC 8187)."""
    plain = "".join(sign if " " <= sign <= "~" and sign not in '"%;' else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
