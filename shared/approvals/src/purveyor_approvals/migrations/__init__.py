"""The tables of approvals, a branch of the schema of every service whose documents are approved."""

from purveyor_messaging.migrations import BRANCHES as SHARED

BRANCHES = (*SHARED, "purveyor_approvals.migrations")
