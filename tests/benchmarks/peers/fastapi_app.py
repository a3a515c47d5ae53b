"""A FastAPI application with credentials, validation and a dictionary of chats."""

import secrets
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, ConfigDict, Field

PASSWORDS = {"agent1": "secret1"}
chats: dict[str, str] = {}
app = FastAPI()


class Leave(BaseModel):
    model_config = ConfigDict(extra="forbid")

    operationName: Literal["Leave"]  # noqa: N815 - the API's spelling
    text: Annotated[str, Field(min_length=1, max_length=64_000)] | None = None
    messageType: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] | None = None  # noqa: N815 - as above
    treatAs: Literal["Normal", "System"] | None = None  # noqa: N815 - as above


class Taken(BaseModel):
    statusCode: int  # noqa: N815 - the API's spelling


async def agent_of(credentials: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> str:
    expected = PASSWORDS.get(credentials.username, "")
    if not secrets.compare_digest(expected.encode(), credentials.password.encode()):
        raise HTTPException(403)
    return credentials.username


@app.post("/api/v2/me/chats/{chat_id}")
async def leave(chat_id: str, body: Leave, agent: Annotated[str, Depends(agent_of)]) -> Taken:  # noqa: ARG001 - validated
    chats[chat_id] = "LeftChat"
    return Taken(statusCode=0)
