"""Segregation of duties: an approval is of content, and who wrote any of the content does not give it.

The rule stands here once, for every document that somebody approves (COSO, internal control: segregation of
duties). A document keeps its `authors` (`purveyor.authored`): who created, changed or submitted it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from purveyor.errors import ForbiddenError

CODE = "segregation_of_duties"
"""The refusal of a decision to one who had another part in the matter."""


def with_author(authors: Sequence[str], actor: str) -> list[str]:
    """Return authors with one who is the latest now; nobody is ever forgotten."""
    return [*(author for author in authors if author != actor), actor]


def expect_another(actor: str, kept_apart: Collection[str], why: str) -> None:
    """Raise ForbiddenError when somebody decides what their own part in it keeps them from."""
    if actor in kept_apart:
        raise ForbiddenError(CODE, why)
