"""People of the organisation: who they are in tokens, who stands above them, and how much they approve."""
