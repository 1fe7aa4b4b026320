"""The groups of the `purveyor` command, one module each."""
