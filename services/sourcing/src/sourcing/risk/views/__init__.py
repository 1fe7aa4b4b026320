"""Risk as HTTP takes and shows it."""
