"""The schema of sourcing: its own branch beside those of the kernel and of messaging."""

from purveyor_messaging.migrations import BRANCHES as SHARED

BRANCHES = (*SHARED, "sourcing.migrations")
