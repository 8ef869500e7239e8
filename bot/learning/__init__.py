"""Learning from what was missed: a person says what messages meant, and they become examples and tests."""
