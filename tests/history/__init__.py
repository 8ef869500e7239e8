"""Histories for the tests: conversations led through the real session, and many copies of them."""
