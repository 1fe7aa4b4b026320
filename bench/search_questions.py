"""What a list of suppliers is asked, by kinds: words of names that there are, filters and orders."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bench.screening import slip
from bench.search_suppliers import CHINESE_TRADES, KOREAN_TRADES, LATIN_FORMS, LATIN_TRADES
from sourcing.suppliers.rules.search import searchable
from sourcing.suppliers.store.finding import SUPPLIERS

WORDS_A_KIND = 20
FILTERED_BY: Mapping[str, Sequence[Any]] = {
    "status": (["approved"], ["terminated"], ["registered", "suspended"]),
    "category": (["c1"], ["c77"], ["c499"]),
    "approved_for": ("c1", "c77", "c499"),
    "country": (["DE"], ["IS"], ["CN", "KR"]),
    "grade": (["E"], ["A"]),
    "registered_from": (date(2016, 2, 1), date(2026, 6, 1)),
    "registered_to": (date(2016, 2, 1), date(2026, 6, 1)),
    "imported": (True, False),
    "source_system": (["legacy"], ["main"]),
    "external_reference": (["V-77777"],),
    "number": (["S-000042"],),
    "owner": (["owner 1"], ["owner 299"]),
    "tag": (["tag 1"], ["tag 199"]),
}
"""Values of each filter that many suppliers have, and few."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and of which kind it is."""

    kind: str
    filters: Mapping[str, Any]
    sort: str | None = None


def by_text(names: Sequence[str], chance: random.Random) -> Iterator[Question]:
    """Return questions of words: of names that there are, chosen at random."""
    own = [word for name in names for word in name.split() if word[0].isascii() and len(word) > 6]
    rare = [word for word in own if word not in LATIN_TRADES and word not in LATIN_FORMS]
    han = [name for name in names if "公司" in name]
    kanji = [name for name in names if name.startswith(("株", "有限会", "合同"))]
    hangul = [word for name in names for word in name.split() if word.endswith(KOREAN_TRADES)]
    common = (*LATIN_TRADES, *(form for form in LATIN_FORMS if len(form) > 2))
    kinds: Mapping[str, Sequence[str]] = {
        "a word of few": rare,
        "a common word": common,
        "a common word, as typed without its letters": [
            plain for word in LATIN_TRADES if (plain := searchable(word).strip()) != word.lower()
        ],
        "the beginning of a word": [word[:size] for word, size in zip(rare, _sizes(3, 6), strict=False)],
        "two letters": [word[:2] for word in rare],
        "the inside of a word": [word[2 : 2 + size] for word, size in zip(rare, _sizes(3, 6), strict=False)],
        "two words": [f"{word} {chance.choice(common)}" for word in rare],
        "two common words": [f"{chance.choice(common)} {chance.choice(common)}" for _ in rare],
        "a whole name": names,
        "inside a Chinese name": [name[at : at + 2] for name, at in zip(han, _sizes(0, 4), strict=False)],
        "a common Chinese word": CHINESE_TRADES,
        "inside a Japanese name": [name[4:7] for name in kanji],
        "inside a Korean word": [word[at : at + 2] for word, at in zip(hangul, _sizes(0, 3), strict=False)],
        "a common Korean word": KOREAN_TRADES,
        "a letter wrong": [slip(word.lower(), chance) for word in rare],
        "what nobody is called": [f"{word[:4]}xq{word[4:]}" for word in rare],
        "a number": [f"S-{chance.randrange(1, 900_000):06d}" for _ in rare],
    }
    for kind, words in kinds.items():
        for word in list(dict.fromkeys(words))[:WORDS_A_KIND]:
            yield Question(kind, {"q": word})
            for sort in ("-score", "legal_name", "-number", "-updated"):
                if "common" in kind or chance.random() < 0.25:
                    yield Question(f"{kind}, sorted", {"q": word}, sort)


def _sizes(first: int, end: int) -> Iterator[int]:
    while True:
        yield from range(first, end)


def by_filters(words: Sequence[str | None]) -> Iterator[Question]:
    """Return each filter in each order, alone, in pairs, and with a word."""
    sorts = (None, *SUPPLIERS.all_sorts())
    for name, values in FILTERED_BY.items():
        for value in values:
            for sort in sorts:
                yield Question(f"by {name}", {name: value}, sort)
                for word in words:
                    yield Question(f"by {name}, with words", {name: value, "q": word}, sort)
    for name, values in FILTERED_BY.items():
        for other, of_other in FILTERED_BY.items():
            if name < other:
                for sort in sorts:
                    yield Question("by two filters", {name: values[-1], other: of_other[0]}, sort)
    for sort in sorts:
        yield Question("unfiltered", {}, sort)
