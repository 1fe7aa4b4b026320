"""What the documents promise, held against the services that run."""
