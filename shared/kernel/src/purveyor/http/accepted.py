"""What an `Accept` takes of what an operation gives (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from purveyor.errors import ProblemError

RANGE = re.compile(r"\s*(?P<type>[^\s/;,]+)/(?P<subtype>[^\s/;,]+)\s*(?P<parameters>(;[^,]*)?)\s*$")
QUALITY = re.compile(r";\s*q\s*=\s*(?P<quality>[01](\.[0-9]{0,3})?)\s*(;|$)", re.IGNORECASE)


class NotAcceptableError(ProblemError):
    """The caller takes nothing of what this operation answers."""

    status = 406
    title = "Not acceptable"

    def __init__(self, offered: tuple[str, ...]) -> None:
        super().__init__(
            "not_acceptable",
            f"The header Accept takes nothing that this answers: {', '.join(offered)}.",
            offered=list(offered),
        )


def expect_taken(accept: Sequence[str], kind: str) -> None:
    """Raise NotAcceptableError when the lines of a header, if any, do not take what will be sent."""
    if accept and not takes(", ".join(accept), (kind,)):
        raise NotAcceptableError((kind,))


@lru_cache(maxsize=1024)
def takes(accept: str, offered: tuple[str, ...]) -> bool:
    """Whether a header takes any of the media types offered; the most precise range for one decides."""
    ranges = list(_ranges(accept))
    return not ranges or any(_quality(kind, ranges) > 0 for kind in offered)


def _ranges(accept: str) -> Iterator[tuple[str, str, float]]:
    """Yield types, subtypes and their weights; what is no media range is passed over."""
    for part in accept.split(","):
        found = RANGE.match(part)
        if found is not None:
            weight = QUALITY.search(found["parameters"])
            yield (
                found["type"].lower(),
                found["subtype"].lower(),
                1.0 if weight is None else float(weight["quality"]),
            )


def _quality(media_type: str, ranges: list[tuple[str, str, float]]) -> float:
    type_, _, subtype = media_type.partition("/")
    precise = [
        ((kind != "*") + (form != "*"), quality)
        for kind, form, quality in ranges
        if kind in {"*", type_} and form in {"*", subtype}
    ]
    return max(precise, default=(0, 0.0))[1]
