// A desktop in TypeScript uses the types that openapi-typescript generates from openapi.yaml.
import type { components, operations } from "./openapi";

type Schemas = components["schemas"];
type Perform = operations["perform_chat_operation"];

async function perform(
  { id }: Perform["parameters"]["path"],
  operation: Perform["requestBody"]["content"]["application/json"],
): Promise<number> {
  const response = await fetch(`/api/v2/me/chats/${id}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(operation),
  });
  const result: Schemas["OperationResponse"] | Schemas["ErrorResponse"] = await response.json();
  return result.statusCode;
}

export function stateOf({ data }: Schemas["DeliveredMessage"]): Schemas["ChatState"] | undefined {
  return data.messageType === "ChatStateChangeMessage" ? data.chat.state : undefined;
}

export function namesOf(body: Schemas["ChatResponse"]): string[] {
  return body.chat.participants.map((participant) => participant.nickname);
}

perform({ id: "0071023821aec011" }, { operationName: "Leave", text: "Goodbye!", treatAs: "System" });
perform({ id: "0071023821aec011" }, { operationName: "Transfer", queueName: "support" });
// @ts-expect-error there is no such operation
perform({ id: "0071023821aec011" }, { operationName: "Quit" });
// @ts-expect-error Reject has no text
perform({ id: "0071023821aec011" }, { operationName: "Reject", text: "Goodbye!" });
