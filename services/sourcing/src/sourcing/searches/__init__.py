"""Questions to the list of suppliers that people keep."""
