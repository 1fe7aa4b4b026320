"""Tags: free words by which people group suppliers, in one form, so that two spellings are one tag."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from purveyor.errors import InvalidError
from purveyor.texts import TextKind, comparable

LONGEST = 64
MOST_TAGS = 20
"""Of one supplier: more are no grouping any more, and a row of a list has to show them."""


def folded(tag: str) -> str:
    """Return a tag in its one form: without case, compatibility forms and what is not seen, single blanks.

    Raises ValueError for one of which nothing is left, or too much (one letter may become several).
    """
    found = " ".join(comparable(tag).split())
    if not found:
        raise ValueError("nothing is left of the tag once it is folded")
    if len(found) > LONGEST:
        raise ValueError(f"the tag has more than {LONGEST} characters once it is folded")
    return found


Tag = Annotated[str, TextKind(LONGEST, form="NFKC", is_one=True), AfterValidator(folded)]
"""A tag that somebody states, in its one form."""


def tagged(tags: Iterable[str], add: Iterable[str], remove: Iterable[str]) -> list[str]:
    """Return tags without some and with others, each once, in order; raises InvalidError for too many.

    Two edits of different tags come to the same in either order, so that none has to have seen the other.
    """
    found = sorted((set(tags) - set(remove)) | set(add))
    if len(found) > MOST_TAGS:
        raise InvalidError(
            "too_many_tags",
            f"The supplier would have {len(found)} tags, and may have {MOST_TAGS}: remove some.",
        )
    return found
