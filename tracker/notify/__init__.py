"""Whom to tell, and telling them: filters, the outbox, and one file a channel."""
