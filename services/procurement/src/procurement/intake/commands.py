"""A need is said at the door, told its way with the reasons, and started."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from procurement.approving.queries import APPROVING
from procurement.blankets.queries import Agreement, agreement_for
from procurement.categories.store import above
from procurement.grades.queries import grade_of
from procurement.intake import queries
from procurement.intake.model import StatedNeed
from procurement.intake.queries import ROUTES
from procurement.intake.rules import (
    Chosen,
    Decision,
    Facts,
    IntakeRoutes,
    Needed,
    Route,
    Routed,
    SupplierIs,
    check_startable,
    choose,
)
from procurement.orders.commands.call_offs import CallOff, CallOffLine, call_off
from procurement.orders.rules.permissions import issue_refusals
from procurement.rates.queries import converted
from procurement.requisitions.commands.approving import KIND
from procurement.requisitions.commands.drafting import create_requisition
from procurement.requisitions.commands.stated import check_stated
from procurement.requisitions.rules.stated import (
    LineKind,
)
from procurement.sites import store as sites
from procurement.suppliers import store as suppliers
from purveyor import policies
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.policies import Place
from purveyor.versions import Seen, expect_version
from purveyor_approvals import commands as approvals
from purveyor_approvals.commands.simulating import simulate
from purveyor_approvals.kinds import Kinds

NEED = "need"
TO_BE_SOURCED = {
    Route.THREE_QUOTES: "three quotes are to be asked",
    Route.TENDER: "it is to be put out to tender",
    Route.QUALIFY_SUPPLIER: "its supplier is to be qualified first",
}
"""Routes whose requisitions wait for a supplier, and what is said of their lines."""
ANOTHER = "an approver who wrote none of it"


async def route(tx: Transaction, needed: Needed, table: IntakeRoutes | None = None) -> Routed:
    """Return which way a need goes, by the table in force or by one that is stated; nothing is written.

    Raises InvalidError for what it names that is not there, and where no rate converts its value.
    """
    await _check(tx, needed)
    site = await sites.located(tx, needed.site)
    version = None
    if table is None:
        place = Place(category=needed.category, business_unit=needed.business_unit)
        held = (await policies.history(tx, ROUTES)).in_force(tx.day, place)
        table, version = held.value, held.number
    rates = {"source": table.rate_source, "base": table.rate_base}
    value = await converted(tx, needed.value, needed.currency, table.currency, tx.day, **rates)
    agreement = await _agreement(tx, needed)
    supplier, risk = await _supplier(tx, needed)
    facts = Facts(
        kind=needed.kind,
        category=needed.category,
        within=(await above(tx, [needed.category])).get(needed.category, ()),
        business_unit=needed.business_unit,
        country=site.country if site else "",
        value=value.amount,
        agreement=agreement.number if agreement else None,
        supplier=supplier,
        risk=risk,
    )
    chosen = choose(table, facts)
    decisions = await _decisions(tx, needed, chosen, agreed=agreement is not None)
    return Routed(
        chosen,
        version,
        agreement.blanket_order_id if agreement else None,
        agreement.line_number if agreement else None,
        decisions,
    )


async def _check(tx: Transaction, needed: Needed) -> None:
    try:
        await check_stated(tx, needed.request())
    except InvalidError as error:
        errors = [
            FieldError(one.pointer.replace("/lines/0/assignments/0", "").replace("/lines/0", ""), one.detail)
            for one in error.errors
        ]
        raise InvalidError(error.code, error.detail, errors=errors) from error


async def _agreement(tx: Transaction, needed: Needed) -> Agreement | None:
    if needed.item is None:
        return None
    return await agreement_for(tx, needed.item, needed.unit, needed.quantity, needed.business_unit, tx.day)


async def _supplier(tx: Transaction, needed: Needed) -> tuple[SupplierIs, str | None]:
    if needed.supplier_id is None:
        return SupplierIs.UNNAMED, None
    seller = await suppliers.lock_seller(tx, needed.supplier_id)
    if seller is None:
        return SupplierIs.NOT_QUALIFIED, None
    ancestors = await above(tx, [needed.category])
    today = await sites.business_day(tx, needed.site)
    refused = issue_refusals([needed.category], seller.standing, today, ancestors)
    return (SupplierIs.NOT_QUALIFIED if refused else SupplierIs.QUALIFIED), seller.flag_reason


async def _decisions(
    tx: Transaction, needed: Needed, chosen: Chosen, *, agreed: bool
) -> tuple[Decision, ...]:
    """Return who decides of the requisition or the order that a need is started with."""
    if chosen.route == Route.REFUSED:
        return ()
    if chosen.route == Route.CALL_OFF or not await approvals.concerns(tx, APPROVING, KIND):
        return (Decision(1, ANOTHER, ()),)
    simulated = await simulate(
        tx,
        Kinds.of(APPROVING, KIND),
        None,
        kind=KIND.name,
        amount=needed.value,
        currency=needed.currency,
        submitted_by=tx.actor,
        business_unit=needed.business_unit,
        cost_centres=[needed.cost_centre],
        categories=[needed.category],
        supplier_risk=await suppliers.risk_of(tx, needed.supplier_id) if needed.supplier_id else None,
        supplier_grade=await grade_of(tx, needed.supplier_id) if needed.supplier_id else None,
        on_contract=agreed,
    )
    steps = simulated.assignment.steps
    return tuple(Decision(step.stage, step.label, tuple(step.people)) for step in steps)


async def state_need(tx: Transaction, needed: Needed) -> tuple[StatedNeed, Routed]:
    """Note a need with the way that it was told to go."""
    routed = await route(tx, needed)
    chosen = routed.chosen
    is_call_off = chosen.route == Route.CALL_OFF
    stated = StatedNeed(
        created_by=tx.actor,
        created_at=tx.now,
        route=chosen.route,
        rule=chosen.row,
        reasons=list(chosen.reasons),
        table_version=routed.table_version,
        blanket_order_id=routed.blanket_order_id if is_call_off else None,
        blanket_line_number=routed.blanket_line_number if is_call_off else None,
        **{name: getattr(needed, name) for name in Needed.__slots__},
    )
    tx.session.add(stated)
    await tx.flush()
    content = {name: getattr(needed, name) for name in Needed.__slots__}
    tx.audit("state", NEED, stated.id, after=content | {"route": chosen.route, "rule": chosen.row})
    return stated, routed


async def start_need(tx: Transaction, need_id: UUID, seen: Seen) -> StatedNeed:
    """Create the document of a need's route, as its author's: a call-off, or a requisition.

    A route that looks for a supplier marks the requisition's line for sourcing. Raises InvalidError for what
    is not there any more.
    """
    stated = await queries.need(tx, need_id)
    await tx.session.refresh(stated, with_for_update=True)
    expect_version(stated, seen)
    check_startable(stated.route, started=stated.started_by is not None)
    needed = Needed(**{name: getattr(stated, name) for name in Needed.__slots__})
    needed = replace(needed, kind=LineKind(needed.kind))
    if stated.blanket_order_id is not None and stated.blanket_line_number is not None:
        line = CallOffLine(stated.blanket_line_number, stated.quantity, stated.need_by)
        wanted = CallOff(stated.site, stated.cost_centre, None, (line,))
        stated.order_id = (await call_off(tx, stated.blanket_order_id, wanted))[0].id
    else:
        to_source = TO_BE_SOURCED.get(Route(stated.route))
        stated.requisition_id = (await create_requisition(tx, needed.request(), sourcing_route=to_source)).id
    stated.started_by, stated.started_at = tx.actor, tx.now
    await tx.flush()
    after = {"requisition_id": stated.requisition_id, "order_id": stated.order_id}
    tx.audit("start", NEED, stated.id, after=after)
    return stated
