"""How an invoice is matched."""
