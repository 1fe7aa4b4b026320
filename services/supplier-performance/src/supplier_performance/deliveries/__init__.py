"""Deliveries: what was ordered and what arrived, line by line, as procurement's events say."""
