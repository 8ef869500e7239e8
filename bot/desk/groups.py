"""The staff groups, by the ids that they have now."""

from collections.abc import Iterable, Iterator, Mapping


class StaffGroups:
    """A messenger may give a group another id: conversations go by the new one, and the old one stays known.

    Iterating tells the present ids. `in` tells whether an id, as text or as a number, is or was one of
    theirs: what was written before the move may come in after it.
    """

    def __init__(self, chats: Iterable[int | str]) -> None:
        """ValueError where there is none."""
        self._present = tuple(dict.fromkeys(str(chat) for chat in chats))
        self._known = frozenset(self._present)
        if not self._present:
            raise ValueError("a desk needs at least one staff group")

    def __iter__(self) -> Iterator[str]:
        return iter(self._present)

    def __contains__(self, chat: object) -> bool:
        return str(chat) in self._known

    def moved(self, old: int | str, new: int | str) -> None:
        """The group has the new id from now on; nothing where it is none of these."""
        if old in self:
            present = (str(new) if chat == str(old) else chat for chat in self._present)
            self._present = tuple(dict.fromkeys(present))
            self._known |= {str(new)}

    def follow(self, moves: Mapping[str, str]) -> None:
        """All moves that are on record, from the old id to the new."""
        for _ in moves:  # one may have moved more than once
            for chat in self._present:
                if chat in moves:
                    self.moved(chat, moves[chat])
