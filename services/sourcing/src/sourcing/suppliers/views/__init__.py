"""Suppliers as callers state and see them."""
