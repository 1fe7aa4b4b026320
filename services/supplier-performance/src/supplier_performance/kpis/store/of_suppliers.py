"""Figures of several KPIs of suppliers: facts of a kind are judged once, in one statement for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, literal, select, union_all

from purveyor.db import Transaction
from purveyor.sql import Statement
from supplier_performance.deliveries.store.judged import Whose
from supplier_performance.facts.store.kinds import SOURCES
from supplier_performance.kpis.rules.grammar import Definition
from supplier_performance.kpis.rules.kpi import By, Scope
from supplier_performance.kpis.store.figures import Counting, Figure, added, grouped


@dataclass(frozen=True, slots=True)
class OfSupplier:
    """A figure of a KPI, whose key is the supplier's id."""

    code: str
    figure: Figure

    @property
    def key(self) -> str:
        """The supplier's id."""
        return self.figure.key


async def figures(
    tx: Transaction,
    definitions: Mapping[str, Definition],
    versions: int,
    whose: Whose,
    asked: Mapping[str, Any],
) -> list[OfSupplier]:
    """Return the figures of KPIs, by code, of each supplier that has facts of theirs."""
    by_kind: dict[str, dict[str, Definition]] = defaultdict(dict)
    for code, definition in definitions.items():
        by_kind[definition.of][code] = definition
    found: list[OfSupplier] = []
    for kind, of_kind in by_kind.items():
        statement = Statement(_row, _of_kind(kind, of_kind, versions, whose))
        found += await statement.all(tx.connection, asked)
    return found


def _of_kind(kind: str, definitions: Mapping[str, Definition], versions: int, whose: Whose) -> Any:
    facts = select(SOURCES[kind].relation(versions, whose)).cte("facts")
    parts: list[Select[Any]] = []
    for number, (code, definition) in enumerate(definitions.items()):
        counting = Counting(definition, versions, whose, Scope(), By.SUPPLIER)
        of = added(counting, select(facts).subquery(f"facts_{number}"))
        each = grouped(definition, of, "key").subquery(f"figures_{number}")
        parts.append(select(literal(code, Text()).label("code"), *each.c))
    return select(union_all(*parts).subquery("figures"))


def _row(*, code: str, **figure: Any) -> OfSupplier:
    return OfSupplier(code, Figure(**figure))
