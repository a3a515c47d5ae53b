// Shows the document beside the folder of this file. The schemas are hidden, so that operations come first.
// "Try it out" sends requests to the folder of the document, also behind a proxy that adds a prefix to paths.
const server = { url: new URL('..', document.baseURI).href.replace(/\/$/, '') };
const useServer = (update) => (content) => update({ ...content, servers: [server] });
SwaggerUIBundle({
  dom_id: '#swagger-ui',
  url: '../openapi.yaml',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  plugins: [{ statePlugins: { spec: { wrapActions: { updateJsonSpec: useServer } } } }],
});
