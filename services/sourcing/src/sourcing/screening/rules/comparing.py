"""How much two names resemble each other: by their words, or as a whole where they are divided otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from sourcing.screening.rules.names import Written
from sourcing.screening.rules.resemblance import resemblance
from sourcing.screening.rules.weights import SAYS_LITTLE, Weights, as_padding

SHORTEST_WHOLE = 7
"""Shorter names must be equal as a whole when their words are not."""
LETTERS_A_SLIP = 8
GIVEN_NAMES_LEFT_OUT = 0.5
"""What a name that only one side has counts, of people who share two: a second given name, a patronymic."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A word of ours, the word of theirs that it was taken for, and how much they resemble each other."""

    ours: str
    theirs: str
    alike: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much two names resemble each other, from 0 to 1, and by which words."""

    alike: float
    shared: tuple[Shared, ...]


NOTHING = Comparison(0.0, ())


def compare(
    ours: Written,
    theirs: Written,
    weights: Weights,
    *,
    person: bool = False,
    known: Sequence[Mapping[str, float]] | None = None,
) -> Comparison:
    """Return how much our name resembles theirs, at best: by its words or as a whole.

    By words it is what the words say that they share, of what all words of both say; a pair says as much as
    the word of it that says less. `known` is how much our words resemble theirs, where that was looked up.
    """
    by_words = _by_words(ours, theirs, weights, person, known or _resembling(ours, theirs))
    if by_words.alike == 1:
        return by_words
    whole = as_a_whole(ours, theirs)
    if whole <= by_words.alike:
        return by_words
    return Comparison(whole, (Shared(" ".join(ours.words), " ".join(theirs.words), whole),))


def as_a_whole(ours: Written, theirs: Written) -> float:
    """Return how much names resemble each other without blanks, where blanks divide them otherwise.

    Names of as many words are told by their words: else `alfa trading` would nearly be `alma trading`.
    """
    one, two = ours.joined, theirs.joined
    if one == two:
        return 1.0
    if len(ours.words) == len(theirs.words) or min(len(one), len(two)) < SHORTEST_WHOLE:
        return 0.0
    return nearly(one, two)


def slips_of_wholes(length: int) -> int:
    """Return how many slips of the pen a whole name of a length may have, without blanks."""
    return length // LETTERS_A_SLIP + 1


def nearly(one: str, two: str) -> float:
    """Return how much two whole names resemble each other without blanks: all their digits are equal."""
    longer = max(len(one), len(two))
    distance = OSA.distance(one, two, score_cutoff=longer // LETTERS_A_SLIP)
    if distance > longer // LETTERS_A_SLIP or _digits(one) != _digits(two):
        return 0.0
    return 1 - distance / longer


def _digits(text: str) -> list[str]:
    return [character for character in text if character.isdigit()]


def _resembling(ours: Written, theirs: Written) -> list[dict[str, float]]:
    return [{two: resemblance(one, two) for two in theirs.words} for one in ours.words]


def _by_words(
    ours: Written, theirs: Written, weights: Weights, person: bool, known: Sequence[Mapping[str, float]]
) -> Comparison:
    says = [weights[word] for word in ours.words]
    they_say = [weights[word] for word in theirs.words]
    pairs = [
        (-alike * min(says[mine], they_say[yours]), mine, yours, alike)
        for mine, resembling in enumerate(known)
        for yours, word in enumerate(theirs.words)
        if (alike := resembling.get(word, 0.0))
    ]
    pairs.sort()
    left, theirs_left = set(range(len(says))), set(range(len(they_say)))
    together = paired = 0.0
    shared, told = [], False
    for gain, mine, yours, alike in pairs:
        if mine in left and yours in theirs_left:
            left.remove(mine)
            theirs_left.remove(yours)
            together -= gain
            paired += min(says[mine], they_say[yours])
            told = told or min(says[mine], they_say[yours]) > SAYS_LITTLE
            shared.append((mine, Shared(ours.words[mine], theirs.words[yours], round(alike, 3))))
    if not shared or (person and len(shared) == 1 and len(they_say) > 1):
        return NOTHING
    counts = GIVEN_NAMES_LEFT_OUT if person and len(shared) > 1 else 1.0
    ours_more, theirs_more = [says[i] for i in left], [they_say[j] for j in theirs_left]
    if told:
        if not theirs_left:
            ours_more = _padding([as_padding(ours.words[i], says[i]) for i in left])
        elif not left:
            theirs_more = _padding([as_padding(theirs.words[j], they_say[j]) for j in theirs_left])
    missing = counts * (sum(ours_more) + sum(theirs_more))
    alike = 2 * together / (2 * paired + missing)
    return Comparison(min(1.0, alike), tuple(found for _, found in sorted(shared, key=lambda s: s[0])))


def _padding(more: Sequence[float]) -> list[float]:
    """Return what words say that stand beside a name that is there as a whole.

    However many of them say little, together they say as much as one: else a few words of trade, countries
    and numbers behind its name would hide a party.
    """
    little = sum(one for one in more if one <= SAYS_LITTLE)
    return [*(one for one in more if one > SAYS_LITTLE), min(SAYS_LITTLE, little)]
