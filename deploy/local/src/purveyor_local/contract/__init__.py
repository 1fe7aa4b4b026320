"""The public contract in files: JSON Schemas, an example each and asyncapi.yaml, written from the events."""
