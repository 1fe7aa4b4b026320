"""Scores that suppliers had: what was published, by the number of its event."""
