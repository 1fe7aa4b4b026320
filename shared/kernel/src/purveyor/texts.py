"""Texts that requests state: keys and lines of text, without control characters and blanks around them."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

ONE_LINE = r"^[^\x00-\x1f\x7f]+$"

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=ONE_LINE)]
"""A short key of the organisation's own: a site, a business unit, a category."""

Reference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)
]
"""Somebody else's key for something: of another system, or of the supplier."""
