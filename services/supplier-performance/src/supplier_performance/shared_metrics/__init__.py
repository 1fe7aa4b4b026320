"""What sourcing promised of suppliers beside what procurement got: one page that both departments read."""
