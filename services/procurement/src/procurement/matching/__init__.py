"""What invoices charge, held against what was ordered, received and invoiced before."""
