"""Suppliers: names, numbers and states, copied from sourcing's events."""
