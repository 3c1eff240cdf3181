"""Writes of whoever manages a region, beyond one contact at a time."""

from contacts.keeping.services.checking import MOST_AT_ONCE, confirm_several

__all__ = ["MOST_AT_ONCE", "confirm_several"]
