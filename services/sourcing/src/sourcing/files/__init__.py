"""Files that people send: kept once something takes them, shown to whom they concern."""
