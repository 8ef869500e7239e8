"""Conversations as tests: suites that people write, run against the whole bot with a clock of their own."""
