"""What makes a supplier risky, and how that adds up: no clock, no database."""
