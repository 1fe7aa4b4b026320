"""Requisitions, their lines and templates; what the world is told of them."""

from __future__ import annotations

from procurement.requisitions.model.lines import RequisitionAssignment, RequisitionLine
from procurement.requisitions.model.orders import RequisitionOrderLine
from procurement.requisitions.model.requisitions import Requisition
from procurement.requisitions.model.templates import RequisitionTemplate

__all__ = (
    "Requisition",
    "RequisitionAssignment",
    "RequisitionLine",
    "RequisitionOrderLine",
    "RequisitionTemplate",
)
