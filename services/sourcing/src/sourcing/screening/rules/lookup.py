"""Which words of many resemble one: compared by lengths, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

AT_ONCE = 256
"""So many words are compared with all others at a time: the matrix takes that many bytes for each of them."""


class Lookup:
    """Words to be looked up: those within some slips of one, and those that are heard alike.

    `slips` says how many a word of a length may have, `alike` how much two words resemble each other.
    """

    def __init__(
        self,
        words: Iterable[str],
        slips: Callable[[int], int],
        alike: Callable[[str, str], float],
        heard: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._slips, self._alike, self._heard_as = slips, alike, heard
        self._of_length: defaultdict[int, list[str]] = defaultdict(list)
        self._heard: defaultdict[str, list[str]] = defaultdict(list)
        for word in words:
            self._of_length[len(word)].append(word)
            if key := heard(word):
                self._heard[key].append(word)
        self._found: dict[str, Mapping[str, float]] = {}

    def like(self, word: str) -> Mapping[str, float]:
        """Return the words that resemble one, itself among them if it is there, and how much."""
        if word not in self._found:
            self._look_up([word])
        return self._found[word]

    def look_up(self, words: Collection[str]) -> None:
        """Look up many words at once; those that were looked up before are forgotten."""
        self._found = {word: found for word in words if (found := self._found.get(word)) is not None}
        of_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(set(words) - self._found.keys()):
            of_length[len(word)].append(word)
        for same_length in of_length.values():
            for begin in range(0, len(same_length), AT_ONCE):
                self._look_up(same_length[begin : begin + AT_ONCE])

    def _look_up(self, words: list[str]) -> None:
        """Look up words of one length."""
        near: dict[str, set[str]] = {word: set(self._heard.get(self._heard_as(word), ())) for word in words}
        length = len(words[0])
        most = self._slips(length)
        for other in range(length - most, length + most + 1):
            others = self._of_length.get(other, [])
            if not others:
                continue
            if not most:
                for word in set(words) & set(others):
                    near[word].add(word)
                continue
            distances = cdist(words, others, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)
            for row, column in np.argwhere(distances <= most).tolist():
                near[words[row]].add(others[column])
        for word, found in near.items():
            self._found[word] = {
                other: alike for other in sorted(found) if (alike := self._alike(word, other))
            }
