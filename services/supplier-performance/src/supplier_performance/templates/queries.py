"""Reads of scorecard templates: what holds, what was written, and whom each fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from supplier_performance.categories.queries import codes_within
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.rules import Window
from supplier_performance.templates import store
from supplier_performance.templates.model import TemplateVersion
from supplier_performance.templates.rules.fitting import fitting
from supplier_performance.templates.rules.template import InForce


async def written(tx: Transaction, code: str) -> Sequence[TemplateVersion]:
    """Return every version of a template, the newest first; raises NotFoundError."""
    found = await store.versions(tx, code)
    if not found:
        raise NotFoundError("scorecard template", code)
    return found


async def version_of(tx: Transaction, code: str, number: int) -> InForce:
    """Return a version of a template, whether it holds, held or is drafted; raises NotFoundError."""
    for version in await written(tx, code):
        if version.number == number:
            return version.in_force(code)
    raise NotFoundError("template version", f"{number} of {code}")


async def covered(tx: Transaction, templates: Sequence[InForce]) -> dict[str, frozenset[str]]:
    """Return by template the categories that it is of: its own, and all that lies in it."""
    return {one.code: frozenset(await codes_within(tx, str(one.template.category))) for one in templates}


async def lines_by_category(
    tx: Transaction, window: Window, suppliers: Sequence[UUID] | None = None
) -> Mapping[UUID, Mapping[str, int]]:
    """Return of suppliers how many lines are promised in a window, by category."""
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for one in await deliveries.bought(tx, window, suppliers):
        found[one.supplier_id][one.category] = one.lines
    return found


async def fits(
    tx: Transaction, templates: Sequence[InForce], window: Window, suppliers: Sequence[UUID]
) -> dict[UUID, str]:
    """Return the code of the template that fits each supplier, by the lines promised in a window."""
    of = await covered(tx, templates)
    lines = await lines_by_category(tx, window, suppliers) if templates else {}
    return {supplier_id: fitting(of, lines.get(supplier_id, {})) for supplier_id in suppliers}
