"""The rules of a chat, free of HTTP, JSON and CometD: standard library only.

`agent` and `chat` hold the state, `capabilities` says which operation is open when, one module
for each operation (`leave`) changes a chat and returns the `events` that happened, `errors` names
every refusal, and `repository` is where chats are found. `customer` is the other side, which sees
the chat by a `customer_view`; `routing` brings the two together.
"""
