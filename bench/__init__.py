"""What the bot costs and how well it does, measured on messages that it was not built from: `make bench`."""
