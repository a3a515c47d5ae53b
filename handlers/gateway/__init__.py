"""What connexion and Flask lack, put in at the seams they offer.

A request comes in by `entry` (addresses, cookies), is routed and authenticated by connexion
(`security` tells it how), and reaches its `operations`: `requests` reads and validates what the
document says, then a coroutine is awaited on the event loop and anything else is one of Flask's
`views`, called inline. What was to be told waits in `after_answer` until the answer is written.
`documentation` serves the document; `development` puts it all under Flask's own server. Only where it is
set, `csrf` stands beside `security`, and `cors` around everything, and around that `request_log`. `control`
says who may simulate, and `provoking` has requests go wrong where that is wished. connexion itself is given
the document `abridged`.
"""
