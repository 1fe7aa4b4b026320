"""Killing the platform in the middle of its work: what the tests of faults are made of."""
