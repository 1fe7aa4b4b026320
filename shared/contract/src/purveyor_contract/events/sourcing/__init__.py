"""Events that sourcing publishes, a module a stream."""
