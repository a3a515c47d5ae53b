"""The handlers, one module for each resource, and the serialization between domain objects and JSON."""
