"""The public API of an office: tokens, OpenAPI, webhooks."""
