"""The handlers, one module for each resource, and the serialization.

`notifier` and `invitation_timeout` act on events, `services` contains the objects that handlers use,
`metrics_text` writes /metrics.
"""
