"""Responses: what the supplier answers to each version of an order, and what the buyer makes of it."""
