"""The ASGI layers around connexion: `front` is outside it, `pipeline` behind it.

- `front`     the outermost layer, with `cors`, `headers`, `error_responses` and `request_record`
- `security`  authenticates for connexion, with `identity` (accounts and logins) and `csrf`
- `pipeline`  reads with `body`, `json_text` and `query`, validates with `schemas`, calls the handler with a `request`
              and its `connection`, sends with `responses`, and delivers events with `event_queue`
- `static_files`, `openapi`, `errors`: the files at other paths, the OpenAPI document, the errors of all layers
"""
