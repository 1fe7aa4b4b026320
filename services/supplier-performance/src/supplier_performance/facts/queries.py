"""Reads of facts: which kinds there are."""

from __future__ import annotations

from collections.abc import Mapping

from supplier_performance.facts.rules import Kind
from supplier_performance.facts.store.kinds import SOURCES

KINDS: Mapping[str, Kind] = {name: source.kind for name, source in SOURCES.items()}
