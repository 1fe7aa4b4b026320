"""Contracts over HTTP: what requests state, what may be done and read."""
