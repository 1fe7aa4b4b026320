"""Bank accounts in SQL, and their numbers under lock."""
