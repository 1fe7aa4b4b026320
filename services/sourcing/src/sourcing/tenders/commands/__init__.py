"""What may be done with a tender: drafted, approved, amended, asked about, closed, cancelled."""
