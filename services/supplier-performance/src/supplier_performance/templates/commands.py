"""Drafting versions of scorecard templates, and activating them by another than who drafted."""

from __future__ import annotations

from typing import Any

from purveyor.db import Transaction, new_id
from purveyor.duties import expect_another
from purveyor.errors import ConflictError, NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_messaging.outbox import record
from supplier_performance.categories.queries import codes_within
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.due import store as due
from supplier_performance.kpis.queries import is_ours, kpis_in_force
from supplier_performance.templates import queries, store
from supplier_performance.templates.model import ScorecardTemplate, Status, TemplateVersion
from supplier_performance.templates.rules.checks import check
from supplier_performance.templates.rules.fitting import fits_too
from supplier_performance.templates.rules.template import InForce, Template

ACTIVATED_BY_ANOTHER = "Who wrote any of a template does not activate it: ask a colleague."
"""Why its authors do not let a template judge suppliers (COSO: segregation of duties)."""
TEMPLATE = "scorecard_template"
SHOWN_SUPPLIERS = 5


async def draft(tx: Transaction, code: str, stated: Template) -> TemplateVersion:
    """Draft a template, or the next version of one; raises ConflictError while one is drafted."""
    await _check(tx, stated)
    await store.lock_all(tx)
    template = await store.template_called(tx, code)
    if template is None:
        template = ScorecardTemplate(id=new_id(), code=code)
        tx.session.add(template)
        await tx.flush()
    written = await store.versions(tx, code)
    if written and written[0].status == Status.DRAFT:
        why = f"Version {written[0].number} of {code} is drafted already: change that one."
        raise ConflictError("template_drafted", why, number=written[0].number)
    number = written[0].number + 1 if written else 1
    version = TemplateVersion(
        template_id=template.id, number=number, status=Status.DRAFT.value, drafted_at=tx.now
    )
    version.state(stated, tx.actor)
    tx.session.add(version)
    tx.audit("draft", TEMPLATE, code, after=_audited(version))
    await tx.flush()
    return version


async def change(tx: Transaction, code: str, number: int, seen: Seen, stated: Template) -> TemplateVersion:
    """State a draft anew, all of it; what was activated never changes."""
    await _check(tx, stated)
    _, version = await _locked(tx, code, number, seen)
    before = _audited(version)
    version.state(stated, tx.actor)
    tx.audit("change", TEMPLATE, code, before=before, after=_audited(version))
    await tx.flush()
    return version


async def activate(tx: Transaction, code: str, number: int, seen: Seen) -> TemplateVersion:
    """Let suppliers be judged by a version that others drafted; raises ConflictError where two would fit."""
    template, version = await _locked(tx, code, number, seen)
    expect_another(tx.actor, version.authors, ACTIVATED_BY_ANOTHER)
    await _check(tx, version.template)
    await _expect_only_one(tx, version.in_force(code))
    written = await store.versions(tx, code)
    previous = next((one for one in written if one.status == Status.ACTIVE), None)
    before = None if previous is None else previous.number
    if previous is not None:
        previous.status = Status.SUPERSEDED.value
        await tx.flush()  # one version is in force at most, at every moment
    record(tx, template, version.activate(code, before, tx.actor, tx.now))
    tx.audit("activate", TEMPLATE, code, before={"number": before}, after=_audited(version))
    await tx.flush()
    for supplier_id in await deliveries.suppliers_with_lines(tx):
        due.note(tx, supplier_id, tx.now)
    return version


async def _check(tx: Transaction, stated: Template) -> None:
    kpis = {kpi.code: kpi for kpi in await kpis_in_force(tx)}
    ours = {code for code, kpi in kpis.items() if is_ours(kpi)}
    check(stated, kpis, ours, await codes_within(tx, str(stated.category)))


async def _expect_only_one(tx: Transaction, stated: InForce) -> None:
    """Raise ConflictError where a supplier would fit this template and another one."""
    templates = [one for one in await store.active(tx) if one.code != stated.code]
    of = await queries.covered(tx, [*templates, stated])
    for one in templates:
        both = sorted(of[one.code] & of[stated.code])
        if both:
            why = f"{one.code} is of {one.template.category} and judges {', '.join(both[:3])} already."
            raise ConflictError("templates_overlap", why, template=one.code)
    lines = await queries.lines_by_category(tx, await deliveries.rolling_window(tx))
    both_fit = {
        supplier_id: others
        for supplier_id, of_supplier in lines.items()
        if (others := fits_too(of, stated.code, of_supplier))
    }
    if both_fit:
        supplier_id, others = next(iter(both_fit.items()))
        why = (
            f"{len(both_fit)} suppliers deliver of its categories and of those of another template, such as "
            f"{supplier_id}, which {others[0]} fits: one scorecard judges a supplier."
        )
        raise ConflictError(
            "suppliers_fit_two", why, suppliers=[str(one) for one in list(both_fit)[:SHOWN_SUPPLIERS]]
        )


async def _locked(
    tx: Transaction, code: str, number: int, seen: Seen
) -> tuple[ScorecardTemplate, TemplateVersion]:
    await store.lock_all(tx)
    template = await store.template_called(tx, code)
    found = {one.number: one for one in await store.versions(tx, code)}
    if template is None or number not in found:
        raise NotFoundError("template version", f"{number} of {code}")
    expect_version(found[number], seen)
    return template, found[number]


def _audited(version: TemplateVersion) -> dict[str, Any]:
    return {"number": version.number, "stated": version.stated}
