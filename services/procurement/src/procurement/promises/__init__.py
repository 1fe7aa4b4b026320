"""Promises: what the supplier promised first and last of each schedule, who moved it, when and why."""
