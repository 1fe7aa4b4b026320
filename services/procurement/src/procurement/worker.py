"""Procurement's worker: its consumers, jobs and chores, listed."""

from __future__ import annotations

from procurement.suppliers.consumers import SUPPLIERS
from purveyor.events.procurement import GoodsReceived, POAcknowledged, POCancelled, POClosed, POIssued
from purveyor.jobs import Chore, Job
from purveyor.messaging.consumer import Consumer
from purveyor.messaging.envelope import Event

CONSUMERS: tuple[Consumer, ...] = (SUPPLIERS,)
JOBS: tuple[Job, ...] = ()
CHORES: tuple[Chore, ...] = ()
PUBLISHES: tuple[type[Event], ...] = (POIssued, POAcknowledged, POCancelled, GoodsReceived, POClosed)
