"""Evaluations: how opened bids are judged, and in which order they come."""
