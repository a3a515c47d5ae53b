"""The rules of a chat, without HTTP, JSON or CometD. Standard library only.

The modules form a chain; each imports only modules above it:

- `errors`, `capabilities`: the errors, and the operations allowed in each state
- `agent`, `transcript`, `participation`: the parts of a chat
- `chat`: the chat and the contact center
- `events`: the results of an operation
- `routing`: which agent is invited to which chat
- `session`: the contact-center sessions of agents, and their ready states
- `departure`: the steps shared by operations that remove an agent
- `leave`, `complete`, `transfer`, `remove`, `invitation`, `conversation`, `user_data`: the operations of an agent
- `customer`: the operations of the customer
- `repository`: finds chats by ID
- `contacts`: finds agents by name
"""
