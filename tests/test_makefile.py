"""`make help` tells everything that make can do, and what is promised is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROMISED = {"help", "demo", "up", "test", "faults", "check", "bench", "schemas", "migrate", "clean"}


def targets() -> set[str]:
    """Return the targets that the Makefile defines for people: plain names, not files."""
    rules = re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return set(rules)


def test_make_help_lists_every_target_with_what_it_does() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    plain = re.sub(r"\x1b\[\d*m", "", told)
    listed = dict(line.split(maxsplit=1) for line in plain.splitlines() if line.startswith("  "))
    assert listed.keys() == targets()
    assert all(listed.values())


def test_the_promised_targets_are_there() -> None:
    assert targets() >= PROMISED


def test_no_target_is_mistaken_for_a_file() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    phony = re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == targets()


def test_the_shares_of_the_tests_of_faults_make_no_more_than_forty_cycles() -> None:
    shares = [
        int(share)
        for folder in ("shared", "services", "history", "cli", "tests")
        for file in (ROOT / folder).rglob("test_*.py")
        for share in re.findall(r"^@pytest\.mark\.faults\((\d+)\)$", file.read_text(), re.MULTILINE)
    ]
    assert len(shares) >= 2
    assert sum(shares) <= 40
