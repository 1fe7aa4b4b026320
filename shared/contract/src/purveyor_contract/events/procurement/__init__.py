"""Events that procurement publishes, a module a stream."""
