"""Screening: how fast suppliers are held against a list, and what it finds and leaves of a labelled set.

Nothing of it is copied from a list: parties, suppliers and pairs are made here with a fixed seed, of invented
and of everyday names. `python -m bench.screening [sdn.csv]` also holds ten thousand invented suppliers
against a real list, and prints every hit with its words.
"""
# ruff: noqa: RUF001

from __future__ import annotations

import asyncio
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from sourcing.screening.imports.reading import read
from sourcing.screening.rules.forms import Form
from sourcing.screening.rules.judging import Judged, raised
from sourcing.screening.rules.matching import Index, words_of
from sourcing.screening.rules.parties import Named, Party, PartyKind, Subject
from sourcing.screening.rules.policy import Screening

SEED = 20261129
POLICY = Screening()
SUPPLIERS_AT_ONCE, ENTRIES_A_PART = 500, 10_000
BEGIN = (
    *("bar", "kel", "nor", "vas", "tor", "mil", "dra", "sol", "fen", "gar", "lum", "ost", "pra", "ril"),
    *("sam", "tev", "ulm", "vor", "wend", "zar", "hal", "jor", "kim", "lat"),
)
MIDDLE = (*("a", "e", "i", "o", "u", "an", "en", "in", "on", "ar", "el", "or", "ia", "al"),)
END = (
    *("dan", "tek", "vik", "lin", "mar", "nos", "rus", "tal", "bek", "dor", "fil", "gan", "hov", "kan"),
    *("lev", "met", "nik", "pol", "ran", "sto", "tin", "vel", "zin"),
)
GIVEN = (
    *("Ahmad", "Ali", "Anna", "Carlos", "Chen", "Daniel", "Elena", "Fatima", "Georg", "Hassan", "Ibrahim"),
    *("Ivan", "Jose", "Karim", "Kim", "Laila", "Luis", "Maria", "Mehmet", "Mikhail", "Muhammad"),
    *("Natalia", "Nguyen", "Omar", "Pavel", "Rosa", "Sergei", "Tomas", "Viktor", "Wei", "Yusuf", "Zeynep"),
)
TRADES = (
    *("Trading", "Shipping", "Logistics", "Fasteners", "Bearings", "Chemicals", "Plastics", "Engineering"),
    *("Foods", "Textiles", "Pharma", "Steel", "Electronics", "Packaging", "Transport", "Machinery"),
    *("Energy", "Construction", "Consulting", "Tools"),
)
FORMS = (
    "GmbH",
    "Ltd",
    "Inc.",
    "S.A.",
    "LLC",
    "S.r.l.",
    "B.V.",
    "Oy",
    "AB",
    "Co., Ltd.",
    "S.A. de C.V.",
    "OOO",
)
COUNTRIES = (
    *("DE", "FR", "IT", "ES", "PL", "TR", "IN", "CN", "KR", "JP", "US", "MX", "BR", "AE", "EG", "ZA"),
    *("GB", "NL", "SE", "UA"),
)
CYRILLIC = str.maketrans(
    {
        "a": "а", "b": "б", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к",
        "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
        "w": "в", "y": "ы", "z": "з", "c": "к",
    }
)  # fmt: skip
GREEK = str.maketrans(
    {
        "a": "α", "b": "β", "d": "δ", "e": "ε", "f": "φ", "g": "γ", "h": "χ", "i": "ι", "k": "κ", "l": "λ",
        "m": "μ", "n": "ν", "o": "ο", "p": "π", "r": "ρ", "s": "σ", "t": "τ", "v": "β", "z": "ζ",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """Invented parties and suppliers."""

    words: Sequence[str]
    parties: Sequence[Party]


def invented_words(count: int, chance: random.Random) -> list[str]:
    """Return words that name nobody that we know."""
    every = ["".join(parts) for parts in product(BEGIN, MIDDLE, END)]
    every += ["".join(parts) for parts in product(BEGIN, MIDDLE, BEGIN, END)]
    return chance.sample(every, count)


def invented(entries: int, chance: random.Random) -> Made:
    """Return a list of invented parties: as many people as organisations."""
    words = invented_words(max(4_000, min(entries, 60_000)), chance)
    parties = []
    for nth in range(entries):
        first, second = chance.sample(words, 2)
        if nth % 2:
            name = f"{first.upper()}, {chance.choice(GIVEN)} {chance.choice(GIVEN)}"
            kind = PartyKind.PERSON
        else:
            name = f"{first} {second} {chance.choice(TRADES)} {chance.choice(FORMS)}".upper()
            kind = PartyKind.ORGANISATION
        parties.append(Party(str(nth), kind, (name,), (), (chance.choice(COUNTRIES),)))
    return Made(words, parties)


def suppliers(count: int, chance: random.Random) -> list[Subject]:
    """Return invented suppliers, some of them called by everyday words, places and people."""
    words = invented_words(4_000, chance)
    places = "Berlin Cairo Havana Delta Atlas Orion Golden Star Blue River Royal Global Tehran Aleppo".split()  # noqa: SIM905
    made = []
    for _ in range(count):
        kind = chance.random()
        if kind < 0.5:
            name = f"{chance.choice(words).title()} {chance.choice(TRADES)}"
        elif kind < 0.75:
            name = f"{chance.choice(places)} {chance.choice(words).title()} {chance.choice(TRADES)}"
        elif kind < 0.9:
            name = f"{chance.choice(GIVEN)} {chance.choice(words).title()}"
        else:
            name = f"{chance.choice(places)} {chance.choice(TRADES)}"
        made.append(Subject((Named(f"{name} {chance.choice(FORMS)}"),), (chance.choice(COUNTRIES),)))
    return made


def slip(word: str, chance: random.Random) -> str:
    """Return a word with a slip of the pen within it: two letters swapped, one doubled, left out, changed."""
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + chance.choice("aeioulnrst") + word[at + 1 :],
        )
    )


def true_pairs(made: Made, chance: random.Random) -> list[tuple[str, str]]:
    """Return a hundred names of listed parties as others would write them, each with its entry."""
    pairs = []
    for nth, party in enumerate(chance.sample(list(made.parties), 100)):
        words = [word for word in party.names[0].lower().replace(",", "").replace(".", "").split() if word]
        if party.kind is PartyKind.PERSON:
            surname, *given = words
            written = [
                f"{given[0]} {given[1]} {surname}".translate(CYRILLIC),
                f"{given[0]} {surname}",
                f"{surname} {given[1]} {given[0]}",
                f"{given[0]} {given[1]} {slip(surname, chance)}",
                f"{given[0]} {given[1]} {surname}".translate(GREEK),
            ][nth % 5]
        else:
            one, two, trade = words[:3]
            written = [
                f"ООО {one} {two} {trade}".translate(CYRILLIC),
                f"{two} {one} {trade} GmbH",
                f"{slip(one, chance)} {two} {trade} Ltd.",
                f"{one}{two} {trade}",
                f"{one}-{two} & Co. KG",
            ][nth % 5]
        pairs.append((written, party.reference))
    return pairs


def near_misses(made: Made, chance: random.Random) -> list[str]:
    """Return four hundred names that share something with listed parties, and are others."""
    names = []
    for nth in range(400):
        party = chance.choice(made.parties)
        one, two = party.names[0].lower().replace(",", "").split()[:2]
        other = chance.choice(made.words)
        names.append(
            [
                f"{one} GmbH",
                f"{one} {other} {chance.choice(TRADES)}",
                f"{other} {chance.choice(TRADES)} International Group",
                f"{chance.choice(GIVEN)} {chance.choice(GIVEN)}",
                f"{one} {chance.choice(TRADES)}",
                f"{two} {other}",
                f"{chance.choice(GIVEN)} {other}",
                f"{other} {one} Holding",
            ][nth % 8]
        )
    return names


def index_of(parties: Sequence[Party], often: Counter[str]) -> Index:
    """Return some parties to look up in."""
    return Index(parties, often)


def often_of(parties: Sequence[Party]) -> Counter[str]:
    """Return how many parties have each word."""
    return Counter(word for party in parties for word in words_of(party))


def hold(found: Sequence[Subject], parties: Sequence[Party]) -> list[tuple[Subject, Judged]]:
    """Hold suppliers against parties as the service does: a part of the list, some suppliers at a time."""
    often = often_of(parties)
    hits = []
    for begin in range(0, len(parties), ENTRIES_A_PART):
        index = index_of(parties[begin : begin + ENTRIES_A_PART], often)
        for nth in range(0, len(found), SUPPLIERS_AT_ONCE):
            some = found[nth : nth + SUPPLIERS_AT_ONCE]
            index.look_up(some)
            for subject in some:
                hits += [(subject, one) for one in index.find(subject, POLICY) if raised(one, POLICY)]
    return hits


def measure(entries: int = 10_000, count: int = 10_000) -> dict[str, float]:
    """Return how fast suppliers are held against a list, and recall and precision on the labelled set."""
    chance = random.Random(SEED)  # noqa: S311  # the same names every time
    made = invented(entries, chance)
    labelled = invented(7_400, random.Random(SEED))  # noqa: S311
    index = Index(labelled.parties, often_of(labelled.parties))
    pairs, misses = true_pairs(labelled, chance), near_misses(labelled, chance)
    right = sum(reference in _raised(index, name) for name, reference in pairs)
    wrong = sum(bool(_raised(index, name)) for name in misses)
    begun = time.perf_counter()
    hold(suppliers(count, chance), made.parties)
    seconds = time.perf_counter() - begun
    return {
        "recall": right / len(pairs),
        "precision": right / (right + wrong),
        "entries": entries,
        "suppliers": count,
        "seconds": round(seconds, 1),
        "comparisons_a_second": round(entries * count / seconds),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _raised(index: Index, name: str) -> set[str]:
    found = index.find(Subject((Named(name),)), POLICY)
    return {one.party.reference for one in found if raised(one, POLICY)}


async def _read(path: Path) -> list[Party]:
    async def stream() -> AsyncIterator[bytes]:
        with path.open("rb") as file:
            while part := file.read(1 << 16):
                yield part

    return [party async for rows in read(stream(), Form.OFAC_SDN, 1 << 20) for _, party in rows.parties]


def main(arguments: Sequence[str]) -> None:
    """Measure, and hold invented suppliers against the real list that is named, if any."""
    for entries in (10_000, 100_000):
        print(measure(entries))  # noqa: T201
    if arguments:
        parties = asyncio.run(_read(Path(arguments[0])))
        begun = time.perf_counter()
        hits = hold(suppliers(10_000, random.Random(SEED)), parties)  # noqa: S311
        print(f"{len(parties)} entries, {time.perf_counter() - begun:.1f} s, {len(hits)} hits")  # noqa: T201
        for subject, one in hits:
            words = ", ".join(f"{s.ours}={s.theirs} {s.alike}" for s in one.shared)
            print(f"{subject.names[0].text} | {one.listed_as} | {one.score} | {words}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
