"""What may be done with a contract: drafted, signed, amended, suspended, ended; what days do to it."""
