"""Items that a partnership brings to a gateway: planned, sent, heard, decided."""
