"""Commands that take documents in: ingest them, or analyze them without a database."""
