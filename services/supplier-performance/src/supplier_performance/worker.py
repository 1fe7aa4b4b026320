"""What supplier performance does beside answering requests: its consumers, jobs and chores."""

from __future__ import annotations

from purveyor.jobs import Chore, Job
from purveyor_contract.events.supplier_performance.alerts import (
    AlertRestated,
    KpiBreached,
    KpiRecovered,
    SupplierAtRisk,
)
from purveyor_contract.events.supplier_performance.kpis import KpiDefined, KpiRestated
from purveyor_contract.events.supplier_performance.suppliers import (
    SupplierScoreRestated,
    SupplierScoreUpdated,
)
from purveyor_contract.events.supplier_performance.templates import (
    ScorecardTemplateActivated,
    ScorecardTemplateRestated,
)
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Event
from purveyor_messaging.restating import Retelling
from supplier_performance.alerts import store as alerts
from supplier_performance.alerts.commands.watching import watch_kpis
from supplier_performance.categories.consumers import CATEGORIES
from supplier_performance.deliveries.consumers import ORDERS
from supplier_performance.facts.consumers import ORDER_FACTS, SUPPLIER_FACTS
from supplier_performance.groups.consumers import GROUPS
from supplier_performance.kpis.store import versions as kpi_versions
from supplier_performance.scorecards.commands import RESCORE_EVERY, judge_overdue_lines, rescore_due_suppliers
from supplier_performance.scorecards.store import lock_if_any
from supplier_performance.suppliers.consumers import SUPPLIERS
from supplier_performance.templates import store as templates

CONSUMERS: tuple[Consumer, ...] = (ORDERS, SUPPLIERS, CATEGORIES, ORDER_FACTS, SUPPLIER_FACTS, GROUPS)
JOBS: tuple[Job, ...] = (
    Job("judge-overdue-lines", judge_overdue_lines),
    Job("watch-kpis", watch_kpis),
)
CHORES: tuple[Chore, ...] = (Chore("rescore-due-suppliers", RESCORE_EVERY, rescore_due_suppliers),)
PUBLISHES: tuple[type[Event], ...] = (
    SupplierScoreUpdated,
    SupplierScoreRestated,
    KpiDefined,
    KpiRestated,
    ScorecardTemplateActivated,
    ScorecardTemplateRestated,
    KpiBreached,
    KpiRecovered,
    SupplierAtRisk,
    AlertRestated,
)
RETELLS: tuple[Retelling, ...] = (
    Retelling(SupplierScoreRestated, lock_if_any),
    Retelling(KpiRestated, kpi_versions.lock_if_any),
    Retelling(ScorecardTemplateRestated, templates.lock_if_any),
    Retelling(AlertRestated, alerts.lock_if_any),
)
