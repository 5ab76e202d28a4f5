"""The conversation with a client: messages, notes, drafts, and the office's inbox."""
