"""How a company becomes a supplier with a file of its own: invited, let in, and proposing what is in it."""
