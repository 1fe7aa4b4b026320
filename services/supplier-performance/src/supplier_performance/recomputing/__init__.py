"""Whether what is kept of events is what the events say, reckoned once more from the first to the last."""
