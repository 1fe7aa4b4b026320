"""Suppliers of another system: their rows, what is made of them, the route."""
