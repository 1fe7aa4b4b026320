"""Evidence: the order lines and the events behind a figure, which add up to it exactly."""
