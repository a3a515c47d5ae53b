"""The two servers: uvicorn for `gws-chat`, and Flask's development server for `flask --app gws_chat run`."""
