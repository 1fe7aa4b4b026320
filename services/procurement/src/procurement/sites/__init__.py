"""Where goods are delivered, and in which time zone its business days are counted."""
