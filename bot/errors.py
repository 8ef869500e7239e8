"""What can go wrong outside the conversation itself."""


class TuidanError(Exception):
    """A fault that the person at the keyboard can put right; its text says what and where."""


class StoreError(TuidanError):
    """The database cannot be opened, read or written."""


class OldStoreError(StoreError):
    """The database is of an older version, and is opened only to be read."""
