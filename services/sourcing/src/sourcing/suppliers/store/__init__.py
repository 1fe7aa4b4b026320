"""Suppliers in SQL."""
