"""The suppliers that sourcing knows, copied here from its events."""
