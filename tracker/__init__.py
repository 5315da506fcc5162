"""Policy-event news tracker and alerting service for AI export controls."""
