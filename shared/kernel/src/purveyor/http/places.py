"""How many requests are worked on at once: beyond that, one is refused before it has cost anything."""

from __future__ import annotations

from dataclasses import dataclass

from purveyor.errors import UnavailableError


class OverloadedError(UnavailableError):
    """Too many requests are being worked on."""

    def __init__(self) -> None:
        super().__init__("overloaded", "Too many requests are being worked on; send it again.")


@dataclass(slots=True)
class Places:
    """The places of a process, and how many are taken."""

    limit: int
    taken: int = 0


class Place:
    """A request's place: taken when all of it is there, and left when it is answered."""

    __slots__ = ("_places", "_taken")

    def __init__(self, places: Places) -> None:
        self._places = places
        self._taken = False

    def take(self) -> None:
        """Take the place, once; raises OverloadedError when there is none."""
        if self._taken:
            return
        if self._places.taken >= self._places.limit:
            raise OverloadedError
        self._places.taken += 1
        self._taken = True

    def leave(self) -> None:
        """Leave the place, if it was taken."""
        if self._taken:
            self._taken = False
            self._places.taken -= 1
