"""Goods receipts: what arrived of an order, and what of it was rejected."""
