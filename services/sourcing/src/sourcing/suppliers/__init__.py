"""Suppliers: registered, qualified, approved for categories, suspended, terminated."""
