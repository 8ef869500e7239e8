"""The desk: conversations that staff take over. Of no messenger; a channel translates."""
