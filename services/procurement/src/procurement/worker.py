"""Procurement's worker: its consumers, jobs and chores, listed."""

from __future__ import annotations

from procurement.amendments.commands import KIND as AMENDMENTS
from procurement.approving.queries import APPROVING
from procurement.bank_accounts.consumers import BANK_ACCOUNTS
from procurement.blankets.store import lock as lock_blanket_order
from procurement.budgets.commands.transfers import KIND as TRANSFERS
from procurement.budgets.commands.years import close_ended_budgets
from procurement.budgets.store.budgets import lock as lock_budget
from procurement.categories.consumers import CATEGORIES
from procurement.contracts.consumers import CONTRACTS
from procurement.grades.consumers import GRADES
from procurement.invoices.store import lock as lock_invoice
from procurement.items import api as items
from procurement.items.store import lock as lock_item
from procurement.matching import commands as matching
from procurement.orders.api import imports as orders
from procurement.orders.commands.approving import KIND as ORDERS
from procurement.orders.consumers import SUPPLIERS
from procurement.orders.store import rows
from procurement.rates import api as rates
from procurement.receipts import api as receipts
from procurement.requisitions.commands.approving import KIND as REQUISITIONS
from procurement.requisitions.store import lock as lock_requisition
from procurement.responses.commands import find_overdue_acknowledgements
from procurement.shipments.commands import LOOK_EVERY, begin_day, find_overdue_deliveries
from purveyor.http import bulk
from purveyor.jobs import Chore, Job
from purveyor_approvals.chores import waiting
from purveyor_approvals.kinds import Kinds
from purveyor_approvals.store import lock as lock_approval
from purveyor_contract.events.procurement.approvals import ApprovalRestated
from purveyor_contract.events.procurement.blanket_orders import (
    BlanketOrderApproved,
    BlanketOrderClosed,
    BlanketOrderHeld,
    BlanketOrderReleased,
    BlanketOrderRestated,
)
from purveyor_contract.events.procurement.budgets import (
    BudgetApproved,
    BudgetClosed,
    BudgetCommitted,
    BudgetExceeded,
    BudgetReleased,
    BudgetReserved,
    BudgetRestated,
    BudgetRevalued,
    BudgetSpent,
    BudgetTransferred,
)
from purveyor_contract.events.procurement.invoices import (
    InvoiceApproved,
    InvoiceCancelled,
    InvoiceException,
    InvoiceMatched,
    InvoiceReceived,
    InvoiceReinstated,
    InvoiceRejected,
    InvoiceRestated,
)
from purveyor_contract.events.procurement.items import ItemDefined, ItemRestated, ItemRetired
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    OrderLineInvoiced,
    POAcknowledged,
    POAmended,
    POCancelled,
    POClosed,
    POHeld,
    POIssued,
    POLineClosed,
    POLineReopened,
    POReleased,
    POReopened,
    PORestated,
)
from purveyor_contract.events.procurement.promises import (
    POAcknowledgementOverdue,
    POResponded,
    POResponseDecided,
    PromiseChanged,
)
from purveyor_contract.events.procurement.requisitions import (
    RequisitionApproved,
    RequisitionLineClosed,
    RequisitionOrdered,
    RequisitionRejected,
    RequisitionRestated,
    RequisitionReturned,
    RequisitionSourcingRequested,
    RequisitionSubmitted,
    RequisitionWithdrawn,
)
from purveyor_contract.events.procurement.shipments import (
    DeliveryOverdue,
    ShipmentCancelled,
    ShipmentDelayed,
    ShipmentNotified,
)
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Event
from purveyor_messaging.restating import Retelling

CONSUMERS: tuple[Consumer, ...] = (SUPPLIERS, CATEGORIES, BANK_ACCOUNTS, CONTRACTS, GRADES)
KINDS = Kinds.of(APPROVING, ORDERS, AMENDMENTS, REQUISITIONS, TRANSFERS)
"""Whatever is approved in steps."""
JOBS: tuple[Job, ...] = (
    Job("find-overdue-acknowledgements", find_overdue_acknowledgements),
    Job("find-overdue-deliveries", begin_day),
    Job("close-ended-budgets", close_ended_budgets),
)
CHORES: tuple[Chore, ...] = (
    *bulk.chores((orders.IMPORT, receipts.IMPORT, items.BULK, items.BULK_OF_BUYERS, rates.BULK)),
    waiting(KINDS),
    Chore("tell-overdue-deliveries", LOOK_EVERY, find_overdue_deliveries),
    Chore("match-invoices", matching.LOOK_EVERY, matching.look_again),
)
PUBLISHES: tuple[type[Event], ...] = (
    POIssued,
    POAmended,
    POAcknowledged,
    POAcknowledgementOverdue,
    POResponded,
    POResponseDecided,
    PromiseChanged,
    POCancelled,
    POLineClosed,
    POLineReopened,
    POReopened,
    POHeld,
    POReleased,
    ShipmentNotified,
    ShipmentDelayed,
    ShipmentCancelled,
    DeliveryOverdue,
    GoodsReceived,
    GoodsReceiptReversed,
    POClosed,
    PORestated,
    ItemDefined,
    ItemRetired,
    ItemRestated,
    BlanketOrderApproved,
    BlanketOrderHeld,
    BlanketOrderReleased,
    BlanketOrderClosed,
    BlanketOrderRestated,
    RequisitionSubmitted,
    RequisitionReturned,
    RequisitionWithdrawn,
    RequisitionApproved,
    RequisitionRejected,
    RequisitionLineClosed,
    RequisitionSourcingRequested,
    RequisitionOrdered,
    RequisitionRestated,
    *APPROVING.events.all(),
    InvoiceReceived,
    InvoiceReinstated,
    InvoiceMatched,
    InvoiceException,
    InvoiceApproved,
    InvoiceRejected,
    InvoiceCancelled,
    InvoiceRestated,
    BudgetApproved,
    BudgetReserved,
    BudgetCommitted,
    BudgetSpent,
    BudgetReleased,
    BudgetRevalued,
    BudgetTransferred,
    BudgetExceeded,
    BudgetClosed,
    BudgetRestated,
    OrderLineInvoiced,
)
RETELLS: tuple[Retelling, ...] = (
    Retelling(PORestated, rows.lock),
    Retelling(ItemRestated, lock_item),
    Retelling(BlanketOrderRestated, lock_blanket_order),
    Retelling(RequisitionRestated, lock_requisition),
    Retelling(ApprovalRestated, lock_approval),
    Retelling(InvoiceRestated, lock_invoice),
    Retelling(BudgetRestated, lock_budget),
)
