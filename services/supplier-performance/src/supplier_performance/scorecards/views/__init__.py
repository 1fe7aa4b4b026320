"""How scores and scorecards are shown."""
