"""Bank accounts of suppliers: requested by one, called back by another, paid after a while."""
