"""The scores that performance gave a supplier."""
