"""Public references: random, so that one cannot be guessed from another or counted."""

import secrets

# No vowels (no words by accident), no 0/1/l/o (read aloud over the telephone).
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"
LENGTH = 12


def new_ref() -> str:
    """Return a new reference of twelve characters, about 58 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
