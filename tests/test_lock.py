"""One lock for everything: complete, hashed, and free of download addresses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECTS = sorted(
    path
    for pattern in (
        "pyproject.toml",
        "shared/*/pyproject.toml",
        "services/*/pyproject.toml",
        "history/*.toml",
        "cli/*.toml",
    )
    for path in ROOT.glob(pattern)
)
OURS = {tomllib.loads(path.read_text())["project"]["name"] for path in PROJECTS}
LOCKED = dict(
    re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
)


def requirements(path: Path) -> list[Requirement]:
    """Return everything that a project asks for, extras and groups too, without our own packages."""
    project = tomllib.loads(path.read_text())
    asked = [
        *project["project"].get("dependencies", ()),
        *(one for extra in project["project"].get("optional-dependencies", {}).values() for one in extra),
        *(one for group in project.get("dependency-groups", {}).values() for one in group),
    ]
    return [requirement for requirement in map(Requirement, asked) if requirement.name not in OURS]


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: str(path.parent.name))
def test_the_lock_has_a_fitting_version_of_everything_asked_for(path: Path) -> None:
    missing = [
        str(requirement)
        for requirement in requirements(path)
        if not requirement.specifier.contains(LOCKED.get(requirement.name.lower(), ""), prereleases=True)
    ]
    assert missing == [], "run `make lock`"


def test_every_locked_file_has_a_hash() -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text().strip())
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_names_no_place_to_download_from() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text()
