// JSON of the traffic as Python.

// Returns the object, or undefined if the text is no JSON object.
export function parsedObject(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function pythonLiteral(value) {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const items = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${pythonLiteral(each)}`);
  return `{${items.join(', ')}}`;
}

// Returns the members as keyword arguments.
export function pythonArguments(members) {
  return Object.entries(members).map(([name, value]) => `${name}=${pythonLiteral(value)}`).join(', ');
}
