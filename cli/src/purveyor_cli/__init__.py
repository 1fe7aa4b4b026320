"""The `purveyor` command: all services on one machine, imports, operations."""
