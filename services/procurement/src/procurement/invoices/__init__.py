"""What suppliers charge and credit: invoices as they came, checked by the rules of EN 16931."""
