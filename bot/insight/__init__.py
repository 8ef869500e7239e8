"""Looking back at stored conversations: how they went, and what was not understood. Only reads events."""
