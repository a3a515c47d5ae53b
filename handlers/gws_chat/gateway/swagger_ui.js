// Shows the document beside the folder of this file. The schemas are hidden, so that operations come first.
SwaggerUIBundle({ dom_id: '#swagger-ui', url: '../openapi.yaml', deepLinking: true, defaultModelsExpandDepth: 0 });
