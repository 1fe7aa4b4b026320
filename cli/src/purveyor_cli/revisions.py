"""`python -m purveyor_cli.revisions`: refuses revisions that lock for long or break running code.

squawk says which do, but for one kind: what a before half forbids binds the code of the release before, too,
which still writes. The first revision of a branch makes its tables in an empty database, where nobody waits,
and is not read; before the first release there is no older code.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from purveyor.migrations.offline import sql
from purveyor.migrations.phase import Phase
from purveyor.migrations.shipped import Shipped, release_order, shipped
from purveyor_cli.services import SERVICES

SQUAWK = Path(sys.executable).parent / "squawk"
POSTGRESQL = "17"
"""The oldest that is supported."""
ALLOWED = (
    "ban-drop-constraint",  # a check is widened, as for a new status, by another in its place
    "prefer-bigint-over-int",  # versions, line numbers and counts of one document are integers
    "prefer-text-field",  # a length that a standard fixes is said, as a country's two letters
    "require-statement-timeout",  # a backfill takes its time; what it must not do is hold a lock
)
TAKING_AWAY = ("ban-drop-column", "ban-drop-table", "ban-drop-not-null")
"""What the after half is for: the code that would break has gone."""


def faults(code: Shipped) -> str:
    """Return what squawk finds in a service's revisions; empty when nothing is wrong."""
    first = set(code.scripts.get_bases())
    read = [revision for revision in code.revisions if revision.id not in first]
    squawked = "".join(
        lint({one.id: sql(code, one.id) for one in read if one.phase == phase}, allowed)
        for phase, allowed in ((Phase.BEFORE, ALLOWED), (Phase.AFTER, (*ALLOWED, *TAKING_AWAY)))
    )
    oldest = min((revision.release for revision in code.revisions), key=release_order)
    for release in {one.release for one in read} - {oldest}:
        half = [one.id for one in read if one.release == release and one.phase == Phase.BEFORE]
        squawked += "".join(narrowing({id_: sql(code, id_) for id_ in half}))
    return squawked


ADDED_COLUMN = re.compile(
    r"ALTER TABLE (?:ONLY )?(\w+)\s+ADD (?:COLUMN )?(?!CONSTRAINT\b)(?:IF NOT EXISTS )?(\w+)", re.I
)
NEW_TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.I)
WIDENED = re.compile(r"DROP CONSTRAINT (?:IF EXISTS )?(\w+)", re.I)
FORBIDS = (
    re.compile(
        r"ALTER TABLE (?:ONLY )?(?P<table>\w+)\s+ADD CONSTRAINT (?P<name>\w+)\s+(?P<what>[^;]*)", re.I
    ),
    re.compile(
        r"CREATE UNIQUE INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?(?P<name>\w+) ON (?:ONLY )?(?P<table>\w+)"
        r"(?P<what>[^;]*)",
        re.I,
    ),
)


def narrowing(half: Mapping[str, str]) -> Iterator[str]:
    """Yield what a before half forbids of columns that the release before writes, in squawk's form.

    What is said of a new table or a new column binds nobody who does not know it, and what takes the place of
    a constraint is believed to be wider.
    """
    everything = "\n".join(half.values())
    tables = set(NEW_TABLE.findall(everything))
    columns = set(ADDED_COLUMN.findall(everything))
    widened = set(WIDENED.findall(everything))
    for revision, text in half.items():
        for found in (match for forbids in FORBIDS for match in forbids.finditer(text)):
            table, name = found["table"], found["name"]
            said = set(re.findall(r"\w+", found["what"]))
            if table in tables or name in widened or any((table, word) in columns for word in said):
                continue
            yield (
                f"{revision}.sql:1:0: warning: narrowing-running-code {name} forbids what the release before "
                "may still write: put it into the after half\n"
            )


def lint(statements: dict[str, str], allowed: Sequence[str]) -> str:
    """Return what squawk says of some revisions, each in a file that is named after it."""
    if not statements:
        return ""
    options = ("--reporter", "gcc", "--pg-version", POSTGRESQL, "--exclude", ",".join(allowed))
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{revision}.sql" for revision in statements]
        for file, text in zip(files, statements.values(), strict=True):
            file.write_text(text)
        done = subprocess.run(  # noqa: S603  # a tool of ours, on files of ours
            [SQUAWK, *options, *(file.name for file in files)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    return done.stdout + done.stderr if done.returncode else ""


def main() -> int:
    """Read the revisions of every service; returns the process's exit code."""
    codes = [code for service in SERVICES if (code := shipped(service.migrations)) is not None]
    found = {line for code in codes for line in faults(code).splitlines()}
    for line in sorted(found):
        sys.stderr.write(f"{line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
