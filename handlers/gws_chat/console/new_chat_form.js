// The form that creates a chat in any state.

import { operationForm } from './form.js';

const CREATE = 'Create a chat';

// `agents` are user names. `create(body)` returns whether the service has created the chat.
export function newChatForm(agents, { create, cancel }) {
  const parameters = [
    { name: 'customer', kind: 'line', value: 'Eva', hint: 'empty: has left' },
    { name: 'agent', kind: 'choice', required: true, choices: agents, value: agents[0] },
    { name: 'state', kind: 'choice', required: true, choices: ['Chatting', 'Invited', 'LeftChat'], value: 'Chatting' },
    { name: 'second', label: 'second agent', kind: 'choice', choices: agents },
    {
      name: 'secondState',
      label: 'state of the second agent',
      kind: 'choice',
      choices: ['Chatting', 'Invited', ['consultant', 'Chatting as consultant']],
      value: 'Chatting',
    },
    { name: 'userData', kind: 'pairs' },
    { name: 'id', kind: 'line', hint: 'empty: a new one' },
  ];
  const form = operationForm(CREATE, parameters, { send: (values) => create(newChat(values)), cancel });
  const { state, second, secondState } = form.elements;
  // An agent in LeftChat is the only one.
  const enableFields = () => {
    second.disabled = state.value === 'LeftChat';
    secondState.disabled = second.disabled || !second.value;
  };
  form.addEventListener('input', enableFields);
  enableFields();
  return form;
}

// Returns the body of the request that creates the chat.
function newChat({ operationName, agent, state, second, secondState, ...others }) {
  const agents = [{ agent, state }];
  if (second) {
    agents.push(secondState === 'consultant'
      ? { agent: second, state: 'Chatting', role: 'consultant' } : { agent: second, state: secondState });
  }
  return { ...others, agents };
}
