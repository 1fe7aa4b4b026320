"""Bids: sealed until the openers of their tender open them together, after the deadline."""
