"""What a service's code ships of its schema: the revisions of its branches, and which half each is in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from alembic.script import ScriptDirectory

from purveyor.migrations.phase import Phase


@dataclass(frozen=True, slots=True)
class Revision:
    """A step of a schema, the release that brought it, and the half of that release."""

    id: str
    release: str
    phase: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """The revisions of a service's code, in an order in which they can be applied."""

    service: str
    scripts: ScriptDirectory
    revisions: tuple[Revision, ...]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all revisions."""
        return frozenset(revision.id for revision in self.revisions)

    @property
    def deferred(self) -> frozenset[str]:
        """The after half of the newest release: this code runs without it, and its predecessor only so.

        The after halves of earlier releases are not: a newer before half stands on them.
        """
        newest = max((revision.release for revision in self.revisions), key=release_order)
        return frozenset(
            revision.id
            for revision in self.revisions
            if revision.release == newest and revision.phase == Phase.AFTER
        )


def release_order(release: str) -> tuple[int, ...]:
    """Return what releases are sorted by: 0.10.0 comes after 0.9.0."""
    return tuple(map(int, release.split(".")))


@cache
def shipped(package: str) -> Shipped | None:
    """Return what a package such as `procurement.migrations` ships; None when there is no such package."""
    service = package.partition(".")[0]
    if find_spec(service) is None or find_spec(package) is None:
        return None
    branches: tuple[str, ...] = import_module(package).BRANCHES
    folders = [_folder(branch) for branch in branches]
    scripts = ScriptDirectory(folders[-1], version_locations=[folder / "versions" for folder in folders])
    revisions = [
        Revision(script.revision, script.module.release, script.module.phase)
        for script in scripts.walk_revisions()
    ]
    return Shipped(service, scripts, tuple(reversed(revisions)))


def _folder(package: str) -> Path:
    [folder] = import_module(package).__path__
    return Path(folder)
