"""The rules of shipments."""
