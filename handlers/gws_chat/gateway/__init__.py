"""The layers of the service, the outermost first: `front`, `pipeline`, `stubs`, `static_files`.

The server calls connexion's `ConnexionMiddleware`, which creates and calls `front`. A layer calls `respond` of the next
one, its `app`, and gets a `Response`. `front` sends it over the `connection` and then delivers the notifications. They
wake the held polls of other requests, which then return through the same layers.

- `front`     the outermost layer, with `cors`, `headers`, `error_responses` and `request_record`; `check_access` is
              created in `gws_chat.app` from `hosts`, `proxies` and the access rules of the simulation
- `pipeline`  finds the `operation` with `paths`, checks the CSRF token with `csrf`, calls the handler with a
              `request`, and adds the events to the `notification_queue`. `hooks` are the steps that the simulation adds
- `operation` authenticates with `security`, which has the accounts and logins from `identity`, reads with `body`,
              `json_text` and `query`, and validates with `schemas`
- `stubs`, `static_files`, `openapi`, `errors`: requests that are not emulated, the files at other paths, the OpenAPI
  document, the errors of all layers
"""
