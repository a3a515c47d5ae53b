"""The layers that connexion nests, the outermost first: `front`, `pipeline`, `stubs`, `static_files`.

`front` is the ASGI application. Each layer calls `respond` of the next, its `app`, which returns one of the
`responses`. `front` sends it over the `connection` and then delivers the notifications.

- `front`     the outermost layer, with `cors`, `headers`, `error_responses` and `request_record`; `check_access` is
              created in `gws_chat.app` from `hosts`, `proxies` and the access rules of the simulation
- `pipeline`  finds the `operation` with `paths`, checks the token with `csrf`, calls the handler with a `request`, and
              adds the events to the `notification_queue`. `hooks` are the steps that the simulation adds
- `operation` authenticates with `security`, which has the accounts and logins from `identity`, reads with `body`,
              `json_text` and `query`, and validates with `schemas`
- `stubs`, `static_files`, `openapi`, `errors`: requests that are not emulated, the files at other paths, the OpenAPI
  document, the errors of all layers
"""
