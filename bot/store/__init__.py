"""Where conversations, events, messages to send and orders are kept."""
