"""How much more than ordered may come: what is received and what is on its way are held to it alike."""
