"""How risky a supplier is today, of what, and how sure that is."""
