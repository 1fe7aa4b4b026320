"""The names of people and machines, in one form: what duties, audit and idempotency keys compare.

A token's subject becomes that form when the token is read, so nothing behind it ever sees another: one
person whom the issuer spells in two ways cannot write as one and approve as the other.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from purveyor.unseen import is_unseen

LONGEST = 255
"""Characters of a subject (OpenID Connect Core 1.0, section 2)."""

ALONE = frozenset({"system", "migration"})
KINDS = frozenset({"job", "chore", "consumer", "operator"})
"""Actors that are no callers: these alone, those with a name behind a blank or colon."""


BLANK = re.compile("[\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]")
"""Blanks (category Zs) that look like the common one, or nearly."""


class SubjectCase(StrEnum):
    """Whether the issuer's subjects that differ in capitals are two people."""

    SENSITIVE = "sensitive"
    INSENSITIVE = "insensitive"


def one_form(subject: str, case: SubjectCase) -> str:
    """Return a subject as it is compared: in NFC, trimmed, with one blank, folded if case tells nothing.

    Raises ValueError for one that is empty, too long, has characters that nobody sees, or is reserved.
    """
    if case is SubjectCase.INSENSITIVE:
        subject = unicodedata.normalize("NFD", subject).casefold()
    known = BLANK.sub(" ", unicodedata.normalize("NFC", subject)).strip()
    if not known:
        raise ValueError("the subject is empty")
    if len(known) > LONGEST:
        raise ValueError(f"the subject has more than {LONGEST} characters")
    unseen = next(filter(is_unseen, known), None)
    if unseen is not None:
        raise ValueError(f"the subject has the character U+{ord(unseen):04X}, which nobody sees")
    if is_reserved(known):
        raise ValueError(f"the subject {known!r} is reserved: this is how the services call themselves")
    return known


def is_reserved(subject: str) -> bool:
    """Whether a subject reads as an actor that is no caller, however it is written."""
    looks = unicodedata.normalize("NFKC", subject).casefold().strip()
    kind = re.match(r"(\w+)\s*[\s:]", looks)
    return looks in ALONE or (kind is not None and kind[1] in KINDS | ALONE)
