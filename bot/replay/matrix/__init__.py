"""The repair matrix: every flow, every question, every move of repair, each held to a law."""
