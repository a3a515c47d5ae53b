"""The ASGI layers that connexion connects: `front`, `pipeline`, `stubs`, `static_files`.

- `front`     the outermost layer, with `hosts`, `proxies`, `cors`, `headers`, `error_responses` and `request_record`
- `pipeline`  finds the `operation` with `paths`, calls its handler with a `request` and its `connection`, sends with
              `responses`, and notifies with `notification_queue`
- `operation` authenticates with `security`, `identity` (accounts and logins) and `csrf`, reads with `body`, `json_text`
              and `query`, and validates with `schemas`
- `stubs`, `static_files`, `openapi`, `errors`: requests that are not emulated, the files at other paths, the OpenAPI
  document, the errors of all layers
"""
