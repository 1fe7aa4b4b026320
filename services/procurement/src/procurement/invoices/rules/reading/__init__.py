"""Invoices of every syntax, read into one value."""
