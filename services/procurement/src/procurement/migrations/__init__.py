"""The schema of procurement: its own branch beside those of the kernel and of messaging."""

from purveyor_approvals.migrations import BRANCHES as SHARED

BRANCHES = (*SHARED, "procurement.migrations")
