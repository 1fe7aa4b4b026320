"""Reads of documents: what those that are sent need, and those that came in."""
