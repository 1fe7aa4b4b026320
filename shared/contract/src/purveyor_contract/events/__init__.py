"""The public contract: every event that a service publishes, one module a publisher."""
