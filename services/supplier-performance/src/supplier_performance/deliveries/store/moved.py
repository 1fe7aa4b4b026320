"""What came of order lines: receipts, and against them what was taken back, on the receipts' days."""

from __future__ import annotations

MOVED = """(
  SELECT order_id, line_number, sequence, position, received_on, quantity, rejected_quantity,
         coalesce(refused_for_good_quantity, rejected_quantity) AS refused_for_good_quantity, rejection_reason
  FROM received_line
  UNION ALL
  SELECT order_id, line_number, sequence, 0, received_on, -quantity, -rejected_quantity,
         -refused_for_good_quantity, NULL
  FROM reversed_line
)"""
"""A reversal is below zero, so that sums over all of it, or until a day, are of what did come."""
