// What the page has learned about the chats from the state and from the notifications: names, IDs, transcripts and
// capabilities. It reads no transcript from the service, because that would be a request in the name of somebody.

export class ChatMemory {
  constructor() {
    this.chats = new Map(); // {customer, customerId} by the chat's ID for agents
    this.idsForAgents = new Map(); // by the customer's ID
    this.forgetContents();
  }

  // Forgets what a reset has ended. Names remain, for the traffic from before.
  forgetContents() {
    this.transcripts = new Map(); // messages by index, by chat
    this.capabilities = new Map(); // by agent and chat
  }

  addState({ chats }) {
    for (const { id, customer, customerId } of chats) {
      this.chats.set(id, { customer: customer ?? this.chats.get(id)?.customer, customerId });
      if (customerId) this.idsForAgents.set(customerId, id);
    }
  }

  addEntries(entries) {
    for (const { agent, chat, notification } of entries) {
      if (notification?.chat?.capabilities) {
        const { state, capabilities: names } = notification.chat;
        this.capabilities.set(`${agent} ${chat}`, { state, names });
      }
      if (notification?.messages) {
        const transcript = this.transcripts.get(chat) ?? new Map();
        for (const message of notification.messages) transcript.set(message.index, message);
        this.transcripts.set(chat, transcript);
      }
    }
  }

  // Returns the messages that the page has seen, in their order.
  messagesOf(chat) {
    return [...(this.transcripts.get(chat)?.values() ?? [])].sort((one, other) => one.index - other.index);
  }

  capabilitiesOf(agent, chat, state) {
    const latest = this.capabilities.get(`${agent} ${chat}`);
    return latest?.state === state ? latest.names : [];
  }

  // Returns the chat's ID for agents. A customer has another one.
  agentsChat(id) {
    return this.idsForAgents.get(id) ?? id;
  }

  customerOf(id) {
    return this.chats.get(this.agentsChat(id))?.customer;
  }

  chatName(id) {
    const customer = this.customerOf(id);
    return customer ? `${customer}'s chat` : id;
  }

  choices() {
    return [...this.chats].map(([id, { customer }]) => [id, customer ? `${customer} (${id})` : id]);
  }
}
