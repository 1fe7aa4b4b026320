"""Blanket orders: what may be called off of a supplier until a day, at agreed prices, up to agreed limits."""
