"""How names are brought to one form, which of them resemble each other, and how much that says."""
