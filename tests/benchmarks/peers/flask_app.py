"""A bare Flask view, for Flask's development server."""

import flask

app = flask.Flask(__name__)


@app.post("/api/v2/me/chats/<chat_id>")
def leave(chat_id):  # noqa: ARG001 - Flask passes it by name
    return {"statusCode": 0}
