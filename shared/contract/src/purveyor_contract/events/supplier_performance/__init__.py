"""Events that supplier performance publishes, a module a stream."""
