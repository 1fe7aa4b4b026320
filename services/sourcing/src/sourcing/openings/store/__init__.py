"""Keys of openings: how they are made, split and put together, and what the database has of them."""
