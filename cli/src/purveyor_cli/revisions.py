"""`python -m purveyor_cli.revisions`: have squawk refuse revisions that lock for long or break running code.

The first revision of a branch makes its tables in an empty database, where nobody waits, and is not read.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from purveyor.migrations.offline import sql
from purveyor.migrations.phase import Phase
from purveyor.migrations.shipped import Shipped, shipped
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
    return "".join(
        lint({one.id: sql(code, one.id) for one in read if one.phase == phase}, allowed)
        for phase, allowed in ((Phase.BEFORE, ALLOWED), (Phase.AFTER, (*ALLOWED, *TAKING_AWAY)))
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
