"""What sourcing's worker runs, and every event that sourcing publishes."""

from __future__ import annotations

from purveyor.jobs import Chore, Job
from purveyor_contract.events.sourcing.suppliers import (
    SupplierApproved,
    SupplierDetailsChanged,
    SupplierRegistered,
    SupplierReinstated,
    SupplierRejected,
    SupplierReviewDecided,
    SupplierReviewOpened,
    SupplierSuspended,
    SupplierTerminated,
)
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Event
from sourcing.reviews.consumers import SCORES

CONSUMERS: tuple[Consumer, ...] = (SCORES,)
JOBS: tuple[Job, ...] = ()
CHORES: tuple[Chore, ...] = ()
PUBLISHES: tuple[type[Event], ...] = (
    SupplierRegistered,
    SupplierDetailsChanged,
    SupplierApproved,
    SupplierRejected,
    SupplierSuspended,
    SupplierReinstated,
    SupplierTerminated,
    SupplierReviewOpened,
    SupplierReviewDecided,
)
