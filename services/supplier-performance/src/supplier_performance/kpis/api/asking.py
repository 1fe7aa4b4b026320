"""Which figures of a KPI a request asks about, and whether the caller is shown that KPI."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.http.transaction import Tx
from purveyor.texts import Code, ItemCode
from supplier_performance.deliveries.api import AskedWindow
from supplier_performance.deliveries.queries import visible_supplier
from supplier_performance.kpis import queries
from supplier_performance.kpis.queries import Asked
from supplier_performance.kpis.rules.kpi import Kpi, Scope, is_future

Reader = Annotated[Principal, requires("performance:scores:read", suppliers_too=True)]


async def shown_kpi(tx: Transaction, by: Principal, code: str) -> Kpi:
    """Return a KPI as it holds now; raises NotFoundError, also of one that is ours where a supplier asks."""
    kpi = await queries.kpi_in_force(tx, code)
    if by.is_supplier and queries.is_ours(kpi):
        raise NotFoundError("kpi", code)
    return kpi


def expect_no_group(by: Principal, is_asked: bool, pointer: str) -> None:
    """Raise InvalidError for groups that a supplier asks for: none is told who belongs to whom."""
    if by.is_supplier and is_asked:
        detail = "Groups of companies are shown to nobody of a supplier."
        raise InvalidError("group_unfit", detail, errors=[FieldError(pointer, detail)])


def _scope(
    category: Annotated[
        Code | None, Query(description="Of this category, and of all that lies in it", examples=["fasteners"])
    ] = None,
    site: Annotated[Code | None, Query(description="Delivered to this site", examples=["HAM"])] = None,
    business_unit: Annotated[
        Code | None, Query(description="Bought by this business unit", examples=["BU-1"])
    ] = None,
    item: Annotated[ItemCode | None, Query(description="Of this item", examples=["M8-HEX-40"])] = None,
    currency: Annotated[Code | None, Query(description="In this currency", examples=["EUR"])] = None,
    unit: Annotated[Code | None, Query(description="In this unit of measure", examples=["C62"])] = None,
) -> Scope:
    return Scope(category, site, business_unit, item, currency, unit)


async def _asked(
    tx: Tx,
    caller: Reader,
    window: AskedWindow,
    scope: Annotated[Scope, Depends(_scope)],
    category_alone: Annotated[
        bool, Query(description="Of the category itself, without what lies in it", examples=[False])
    ] = False,
    known_on: Annotated[
        Day | None,
        Query(
            description="By what was known at the end of this day (UTC) alone: beside `as_of`, the day until "
            "which things were so. Not of lines and orders, which rest on several events",
            examples=["2026-05-31"],
        ),
    ] = None,
    supplier_id: Annotated[
        UUID | None, Query(description="Of this supplier; a supplier's own token asks for itself")
    ] = None,
    group_id: Annotated[
        UUID | None,
        Query(description="Of this company, and of all that belong to the same head, as sourcing told"),
    ] = None,
) -> Asked:
    expect_no_group(caller, group_id is not None, "/query/group_id")
    if group_id is not None and supplier_id is not None:
        detail = "Ask for a supplier, or for a group."
        raise InvalidError("group_unfit", detail, errors=[FieldError("/query/group_id", detail)])
    if group_id is not None:
        await visible_supplier(tx, caller, group_id)
    if is_future(window.question.as_of, tx.day):
        detail = "Nobody knows yet what will be."
        raise InvalidError("as_of_in_future", detail, errors=[FieldError("/query/as_of", detail)])
    if caller.is_supplier and supplier_id is None:
        supplier_id = caller.supplier_id
    if supplier_id is not None:
        await visible_supplier(tx, caller, supplier_id)
    elif caller.is_supplier:
        raise NotFoundError("supplier", "of this token")
    question = window.question
    if known_on is not None:
        midnight = datetime.combine(known_on + timedelta(days=1), time(), UTC)
        question = replace(question, known_before=midnight)
    return Asked(question, scope, supplier_id, category_alone=category_alone, group_id=group_id)


AskedFacts = Annotated[Asked, Depends(_asked)]
