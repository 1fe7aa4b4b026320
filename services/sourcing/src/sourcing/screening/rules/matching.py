"""Which parties of a list a supplier may be: looked up by words that resemble its own, then compared."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sourcing.screening.rules.comparing import (
    SHORTEST_WHOLE,
    Comparison,
    compare,
    nearly,
    slips_of_wholes,
)
from sourcing.screening.rules.judging import Judged, judge
from sourcing.screening.rules.lookup import Lookup
from sourcing.screening.rules.names import Written, identifier, readings, written
from sourcing.screening.rules.parties import Named, Party, PartyKind, Subject
from sourcing.screening.rules.policy import Screening
from sourcing.screening.rules.resemblance import heard, resemblance, slips
from sourcing.screening.rules.weights import Weights, as_padding


@dataclass(frozen=True, slots=True)
class _Name:
    party: int
    weak: bool
    text: str
    words: tuple[str, ...]
    joined: str

    def written(self) -> Written:
        return Written(self.text, self.words, self.joined)


def words_of(party: Party) -> frozenset[str]:
    """Return the words of a party's names, each once: what a list's frequencies are counted of."""
    return frozenset(chain.from_iterable(written(name).words for name in (*party.names, *party.weak_names)))


class Index:
    """Parties of a list, or of a part of it, by the words, whole names and numbers that lead to them.

    `often` says of words in how many parties of the whole list they are, when it is more than one.
    """

    def __init__(self, parties: Sequence[Party], often: Mapping[str, int]) -> None:
        self.parties = parties
        self.weights = Weights(often)
        self._names: list[_Name] = []
        self._by_word: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._by_joined: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._by_identifier: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, party in enumerate(parties):
            for weak, names in ((False, party.names), (True, party.weak_names)):
                for name in names:
                    self._add(place, name, weak=weak)
            for number in {identifier(value) for value in party.identifiers} - {""}:
                self._by_identifier[number].append(place)
        self._words = Lookup(self._by_word, slips, resemblance, heard)
        self._wholes = Lookup(self._by_joined, slips_of_wholes, nearly)

    def find(self, subject: Subject, policy: Screening) -> list[Judged]:
        """Return which parties a supplier may be by a policy, the likeliest first."""
        floor = (policy.threshold - 2 * policy.confirming) / 100
        strong: dict[int, tuple[Comparison, Named, str]] = {}
        weak: dict[int, tuple[Comparison, Named, str]] = {}
        for named in subject.names:
            for ours in readings(named.text):
                for name, found in self._resembling(ours, floor):
                    best = weak if name.weak else strong
                    if name.party not in best or found.alike > best[name.party][0].alike:
                        best[name.party] = (found, named, name.text)
        numbers = {number: value for value in subject.identifiers if (number := identifier(value))}
        same: defaultdict[int, list[str]] = defaultdict(list)
        for number, value in numbers.items():
            for place in self._by_identifier.get(number, ()):
                same[place].append(value)
        judged = [
            judge(
                subject, self.parties[place], strong.get(place), weak.get(place), same.get(place, []), policy
            )
            for place in strong.keys() | same.keys()
        ]
        return sorted(judged, key=Judged.order)

    def look_up(self, subjects: Iterable[Subject]) -> None:
        """Look up what resembles the words and the whole names of many suppliers at once, which is quicker.

        What was looked up before is forgotten, so that memory stays bounded.
        """
        names = [one for subject in subjects for named in subject.names for one in readings(named.text)]
        self._words.look_up({word for name in names for word in name.words})
        self._wholes.look_up({name.joined for name in names if len(name.joined) >= SHORTEST_WHOLE})

    def _resembling(self, ours: Written, floor: float) -> Iterator[tuple[_Name, Comparison]]:
        """Go through the names that resemble one of ours at least by so much."""
        known = [self._words.like(word) for word in ours.words]
        for place in sorted(self._candidates(ours, known, floor)) if ours.words else ():
            name = self._names[place]
            person = self.parties[name.party].kind is PartyKind.PERSON
            found = compare(ours, name.written(), self.weights, person=person, known=known)
            if found.alike >= floor:
                yield name, found

    def _candidates(self, ours: Written, known: Sequence[Mapping[str, float]], floor: float) -> set[int]:
        """Return the names that may resemble ours at least by so much.

        That needs shared words that say a part of what all of ours say: whatever says more than the rest
        has to be among them, so that words like `trading` need not be looked up.
        """
        weights = (as_padding(word, self.weights[word]) for word in ours.words)
        says = sorted(((weight, nth) for nth, weight in enumerate(weights)), reverse=True)
        whole = sum(weight for weight, _ in says)
        rest = whole * (1 - floor / (4 - 3 * floor))
        found: set[int] = set()
        for weight, nth in says:
            for word in known[nth]:
                found.update(self._by_word.get(word, ()))
            rest -= weight
            if rest < 0:
                break
        found.update(self._by_joined.get(ours.joined, ()))
        for joined in self._wholes.like(ours.joined) if len(ours.joined) >= SHORTEST_WHOLE else ():
            found.update(self._by_joined[joined])
        return found

    def _add(self, party: int, text: str, *, weak: bool) -> None:
        name = written(text)
        if not name.words:
            return
        place = len(self._names)
        self._names.append(_Name(party, weak, text, name.words, name.joined))
        for word in set(name.words):
            self._by_word[word].append(place)
        self._by_joined[name.joined].append(place)
