"""What the shop's own system knows of an order: reading it in, and giving it out only to who ordered."""
