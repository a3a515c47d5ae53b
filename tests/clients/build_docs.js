// Builds one HTML file that shows an OpenAPI document in Redoc and loads nothing from the network.
//
//     node build_docs.js OPENAPI.yaml OUTPUT.html

'use strict';

const { readFileSync, writeFileSync } = require('node:fs');
const { resolve } = require('node:path');
const { loadAndBundleSpec } = require('redoc');

const [input, output] = process.argv.slice(2);

// The column of the descriptions is wide enough for their JSON in a window of 1280 pixels.
const OPTIONS = { theme: { rightPanel: { width: '35%' } } };

// JSON in a script must not contain the script's end tag.
const toScript = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');

const page = (document, redoc) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${document.info.title}</title>
  <style>
    body { margin: 0 }
    /* Redoc lets the names of examples overflow their boxes. */
    select + label { max-width: 100%; text-overflow: ellipsis }
    /* Redoc breaks names in tables at any letter. */
    td code { word-break: normal !important; overflow-wrap: normal !important }
  </style>
</head>
<body>
  <div id="documentation"></div>
  <script>${redoc}</script>
  <script>
    Redoc.init(${toScript(document)}, ${toScript(OPTIONS)}, document.getElementById('documentation'));
  </script>
</body>
</html>
`;

loadAndBundleSpec(resolve(input)).then((document) => {
  const redoc = readFileSync(require.resolve('redoc/bundles/redoc.standalone.js'), 'utf8');
  // Redoc hides its logo if it cannot be loaded.
  writeFileSync(output, page(document, redoc.replaceAll('https://cdn.redoc.ly/redoc/logo-mini.svg', 'data:,')));
});
