"""Suppliers side by side."""
