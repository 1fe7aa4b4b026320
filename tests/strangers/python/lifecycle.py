"""The lifecycle, with clients that openapi-python-client made: every answer is asserted."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from procurement_client import AuthenticatedClient as Procurement
from procurement_client.api.events import list_events
from procurement_client.api.goods_receipts import receive_goods
from procurement_client.api.purchase_orders import (
    acknowledge_purchase_order,
    approve_purchase_order,
    create_purchase_order,
    get_purchase_order,
    issue_purchase_order,
    submit_purchase_order,
)
from procurement_client.api.sites import put_site
from procurement_client.api.suppliers import get_supplier
from procurement_client.models import (
    Acknowledgement,
    EventPage,
    Order,
    OrderHeader,
    OrderIn,
    OrderLineIn,
    ReceiptIn,
    ReceiptLine,
    RecordedReceipt,
    Site,
    SiteIn,
    Supplier,
)
from procurement_client.types import Response as Answer
from sourcing_client import AuthenticatedClient as Sourcing
from sourcing_client.api.suppliers import approve_supplier, register_supplier, submit_supplier
from sourcing_client.models import Problem, SupplierApproval, SupplierOut, SupplierRegistration
from sourcing_client.types import Response as SourcingAnswer
from supplier_performance_client import AuthenticatedClient as Performance
from supplier_performance_client.api.scores import get_supplier_score
from supplier_performance_client.models import SupplierScore

Body = TypeVar("Body")
CLIENT = os.environ["CLIENT"]
TODAY = datetime.now(UTC).date()
answers = 0


def answered(status: int, kind: type[Body], answer: Answer[Any] | SourcingAnswer[Any]) -> tuple[Body, str]:
    """Return what was answered and its ETag, once its status and its kind are what they should be."""
    global answers  # noqa: PLW0603  # it is counted
    assert answer.status_code == status, answer.content
    assert isinstance(answer.parsed, kind), answer.parsed
    answers += 1
    return answer.parsed, answer.headers.get("etag", "")


def until(what: str, look: Callable[[], Body | None]) -> Body:
    """Return what comes of it in another service, which hears of it in its time."""
    for _ in range(200):
        found = look()
        if found is not None:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what}: never seen")


def token(person: str) -> str:
    """Return a person's token."""
    return os.environ[f"TOKEN_{person}"]


def onboarded() -> UUID:
    """Register a supplier and have it approved by another."""

    def by(person: str) -> Sourcing:
        return Sourcing(os.environ["SOURCING_URL"], token(person))

    registration = SupplierRegistration(f"Fasteners for {CLIENT}", "NO", categories=["fasteners"])
    registered = register_supplier.sync_detailed(client=by("BUYER"), body=registration)
    supplier, first = answered(201, SupplierOut, registered)
    submitted = submit_supplier.sync_detailed(supplier.id, client=by("BUYER"), if_match=first)
    _, second = answered(200, SupplierOut, submitted)
    approval = SupplierApproval(["fasteners"], date(TODAY.year + 1, 12, 31))
    for person, etag, status, code in (
        ("MANAGER", first, 412, "changed_meanwhile"),
        ("BUYER_AND_MANAGER", second, 403, "segregation_of_duties"),
    ):
        refused = approve_supplier.sync_detailed(supplier.id, client=by(person), if_match=etag, body=approval)
        problem, _ = answered(status, Problem, refused)
        assert problem.code == code, problem
    approved = approve_supplier.sync_detailed(
        supplier.id, client=by("MANAGER"), if_match=second, body=approval
    )
    assert answered(200, SupplierOut, approved)[0].status == "approved"
    return supplier.id


def by(person: str) -> Procurement:
    """Return procurement as a person calls it."""
    return Procurement(os.environ["PROCUREMENT_URL"], token(person))


def ordered(supplier: UUID) -> UUID:
    """Order from it, once procurement knows it."""
    yard = SiteIn(f"Yard of {CLIENT}", "IS", "Atlantic/Reykjavik")
    site, _ = answered(201, Site, put_site.sync_detailed(CLIENT, client=by("ADMIN"), body=yard))
    assert site.code == CLIENT

    def known() -> Supplier | None:
        found = get_supplier.sync(supplier, client=by("BUYER"))
        return found if isinstance(found, Supplier) and found.status == "approved" else None

    until("procurement knows the supplier", known)
    lines = [
        OrderLineIn(
            item=item,
            description=f"Fastener {item}",
            category="fasteners",
            quantity="5000",
            unit="C62",
            price="0.189",
            promised_on=TODAY,
        )
        for item in ("FST-7008", "FST-7012", "FST-7108")
    ]
    draft = OrderIn(
        supplier_id=supplier,
        currency="EUR",
        site=CLIENT,
        business_unit="PUMPS",
        cost_centre="4100",
        lines=lines,
        ordered_on=TODAY,
    )
    key = f"order of {CLIENT}"
    created = create_purchase_order.sync_detailed(client=by("ORDERER"), body=draft, idempotency_key=key)
    order, etag = answered(201, Order, created)
    assert order.total.amount == "2835.00"
    repeated = create_purchase_order.sync_detailed(client=by("ORDERER"), body=draft, idempotency_key=key)
    assert answered(201, Order, repeated)[0].id == order.id
    submitted = submit_purchase_order.sync_detailed(order.id, client=by("ORDERER"), if_match=etag)
    _, etag = answered(200, OrderHeader, submitted)
    approved = approve_purchase_order.sync_detailed(order.id, client=by("APPROVER"), if_match=etag)
    _, etag = answered(200, OrderHeader, approved)
    issued = issue_purchase_order.sync_detailed(order.id, client=by("ORDERER"), if_match=etag)
    _, etag = answered(200, OrderHeader, issued)
    word = Acknowledgement(supplier_reference=f"SO of {CLIENT}")
    acknowledged = acknowledge_purchase_order.sync_detailed(
        order.id, client=by("ORDERER"), if_match=etag, body=word
    )
    assert answered(200, OrderHeader, acknowledged)[0].supplier_reference == f"SO of {CLIENT}"
    return order.id


def received(order: UUID) -> None:
    """Receive all of it."""
    arrived = ReceiptIn(
        lines=[ReceiptLine(number, "5000") for number in (1, 2, 3)],
        received_on=TODAY,
        despatch_reference=f"LS of {CLIENT}",
    )
    receipt, _ = answered(
        201, RecordedReceipt, receive_goods.sync_detailed(order, client=by("RECEIVER"), body=arrived)
    )
    assert receipt.order_status == "closed"
    shown, _ = answered(200, Order, get_purchase_order.sync_detailed(order, client=by("BUYER")))
    assert len(shown.lines) == len(arrived.lines)


def told(order: UUID) -> None:
    """Read what was told of it, once its score has come of it."""
    page, _ = answered(200, EventPage, list_events.sync_detailed(client=by("AUDITOR"), limit=1000))
    numbers = [logged.event.streamsequence for logged in page.items if logged.event.subject == str(order)]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)] != []


def scored(supplier: UUID) -> str:
    """Return the score that comes of it."""
    client = Performance(os.environ["PERFORMANCE_URL"], token("BUYER"))

    def judged() -> SupplierScore | None:
        found = get_supplier_score.sync(supplier, client=client)
        return found if isinstance(found, SupplierScore) and found.score is not None else None

    score = until("the score", judged)
    assert score.grade == "A", score
    return str(score.score)


supplier = onboarded()
order = ordered(supplier)
received(order)
score = scored(supplier)
told(order)
sys.stdout.write(f"{answers + 1} answers, score {score}\n")
