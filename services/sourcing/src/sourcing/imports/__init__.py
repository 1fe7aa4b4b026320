"""Suppliers brought over from another system, in bulk."""
