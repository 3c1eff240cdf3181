"""What else changes with a contact of the directory: told to whoever builds on contacts.

This floor knows no partnership. Whoever names contacts in one registers here, and learns that
somebody left, or that two contacts turned out to be one. The directory's admin learns numbers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from contacts.models import Merge, Posting


class Follower(ABC):
    """Somebody who names contacts of the directory in records of their own."""

    @abstractmethod
    def left(self, posting: Posting) -> None:
        """Tell whoever relied on a contact that they have left."""

    @abstractmethod
    def number_of_places(self, posting: Posting) -> int:
        """In how many records a contact is named now."""

    @abstractmethod
    def move_places(self, merge: Merge) -> int:
        """Pass the folded contact's places on to the kept one; says in how many records."""

    @abstractmethod
    def move_places_back(self, merge: Merge) -> bool:
        """Undo that; False, and nothing done, where somebody has been named since."""


_followers: list[Follower] = []


def register(follower: Follower) -> None:
    """Make a follower known; for `AppConfig.ready`."""
    if not any(type(each) is type(follower) for each in _followers):
        _followers.append(follower)


def left(posting: Posting) -> None:
    """Tell everyone that a contact has left."""
    for each in _followers:
        each.left(posting)


def number_of_places(posting: Posting) -> int:
    """In how many records a contact is named now, all followers together."""
    return sum(each.number_of_places(posting) for each in _followers)


def move_places(merge: Merge) -> int:
    """Pass places on, everywhere."""
    return sum(each.move_places(merge) for each in _followers)


def move_places_back(merge: Merge) -> bool:
    """Pass them back everywhere, or say that it is too late somewhere."""
    return all(each.move_places_back(merge) for each in _followers)
