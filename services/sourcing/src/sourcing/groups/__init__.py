"""Groups of companies: who belongs to whom, and who stands at the head."""
