from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PURVEYOR = [sys.executable, "-m", "purveyor_cli.main"]


def processes_that_mention(text: str) -> list[str]:
    found = []
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = command.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it ended meanwhile
        if text in line:
            found.append(line)
    return found


def test_the_demo_tells_the_whole_story_and_leaves_nothing_behind() -> None:
    with tempfile.TemporaryDirectory(prefix="pv-") as folder:
        told = subprocess.run(  # noqa: S603  # ours
            [*PURVEYOR, "demo"],
            env=os.environ | {"TMPDIR": folder},
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        assert processes_that_mention(folder) == []
        assert list(Path(folder).iterdir()) == []
    in_this_order = [
        "event sourcing SupplierRegistered",
        "segregation_of_duties",
        "score of Brevik Fasteners AS before: none yet",
        "score of Brevik Fasteners AS after: 100.0 (A)",
        "score of Skagerrak Castings AS now: 48.7 (D)",
        "event sourcing SupplierSuspended",
        "→ 422",
        "the supplier is suspended, not approved",
        "2020 rows: 2015 imported, 5 refused",
        "Guarnizioni Orsini S.r.l.",
        "http://127.0.0.1:8001/docs",
        "everything is stopped again",
    ]
    # What a service finds out by itself a moment later may come between: no position is promised.
    story = re.sub(r"(event \S+) #\d+", r"\1", told.stdout)
    places = [story.find(text) for text in in_this_order]
    assert -1 not in places, in_this_order[places.index(-1)]
    assert places == sorted(places)
