"""Suppliers whose names resemble each other: found beside the service, and settled by people."""
