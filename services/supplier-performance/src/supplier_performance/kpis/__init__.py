"""KPIs: definitions that are data, the figures that they make of facts, and the facts behind each figure."""
