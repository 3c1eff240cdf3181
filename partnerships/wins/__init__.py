"""Small wins of a partnership, to be seen and celebrated."""
