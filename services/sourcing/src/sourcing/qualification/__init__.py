"""Whether a supplier may deliver what it would: asked, answered, marked, decided, and for how long."""
