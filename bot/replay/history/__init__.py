"""Conversations that really happened, run again on today's code and data: what would be different now."""
