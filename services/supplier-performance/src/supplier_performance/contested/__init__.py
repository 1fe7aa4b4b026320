"""Order lines that suppliers dispute: what was said of each, and which count for nothing since."""
