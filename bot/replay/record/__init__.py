"""A stored conversation as a suite: what was said, without personal data, and the outcomes it had."""
