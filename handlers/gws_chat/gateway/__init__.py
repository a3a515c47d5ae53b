"""The ASGI layers around connexion: `front` before it, `pipeline` between it and the handlers.

- `front`     the outermost layer, with `cors`, `headers`, `error_responses` and `request_record`
- `security`  authenticates for connexion, with `identity` (accounts and logins) and `csrf`
- `pipeline`  reads with `body`, `json_text` and `query`, validates with `schemas`, calls the handler with a `request`
              and its `connection`, sends with `responses`, and notifies with `notification_queue`
- `static_files`, `openapi`, `errors`: the files at other paths, the OpenAPI document, the errors of all layers
"""
