"""What invoices say, and which rules that breaks."""
