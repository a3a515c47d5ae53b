// The names, IDs and capabilities of chats, from the state and from the notifications.

export class ChatMemory {
  constructor() {
    this.chats = new Map(); // {customer, customerId} by the chat's ID for agents
    this.idsForAgents = new Map(); // by the customer's ID
    this.forgetContents();
  }

  // Forgets what a reset has ended. Names remain, for the traffic from before.
  forgetContents() {
    this.capabilities = new Map(); // by agent and chat
  }

  addState({ chats }) {
    for (const { id, customer, formerCustomer, customerId } of chats) {
      this.chats.set(id, { customer: shown(customer ?? formerCustomer), customerId });
      if (customerId) this.idsForAgents.set(customerId, id);
    }
  }

  addEntries(entries) {
    for (const { agent, chat, notification } of entries) {
      if (notification?.chat?.capabilities) {
        const { state, capabilities: names } = notification.chat;
        this.capabilities.set(`${agent} ${chat}`, { state, names });
      }
    }
  }

  capabilitiesOf(agent, chat, state) {
    const latest = this.capabilities.get(`${agent} ${chat}`);
    return latest?.state === state ? latest.names : [];
  }

  // Returns the chat's ID for agents. A customer has another one.
  chatIdForAgents(id) {
    return this.idsForAgents.get(id) ?? id;
  }

  customerOf(id) {
    return this.chats.get(this.chatIdForAgents(id))?.customer;
  }

  chatName(id) {
    const customer = this.customerOf(id);
    return customer ? `${customer}'s chat` : id;
  }

  choices() {
    return [...this.chats].map(([id, { customer }]) => [id, customer ? `${customer} (${id})` : id]);
  }
}

// Returns the name of a customer as the page shows it. Characters that change the direction of text are replaced.
function shown(name) {
  if (name === undefined) return undefined;
  return name.trim() ? name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd') : '(blank name)';
}
