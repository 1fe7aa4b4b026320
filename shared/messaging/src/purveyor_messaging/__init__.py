"""Events between services: an outbox on one side, an inbox on the other, Kafka or nothing between."""
