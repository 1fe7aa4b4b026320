"""The rules of segments."""
