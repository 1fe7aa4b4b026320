"""What an alert rule says, when it rings, how it would have done, and what may be done about an alert."""
