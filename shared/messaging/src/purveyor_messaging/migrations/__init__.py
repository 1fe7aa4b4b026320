"""The tables of events, a branch of the schema of every service that speaks or listens."""

from purveyor.migrations import BRANCHES as KERNEL

BRANCHES = (*KERNEL, "purveyor_messaging.migrations")
