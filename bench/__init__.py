"""What the bot costs and how well it does: `make bench`."""
