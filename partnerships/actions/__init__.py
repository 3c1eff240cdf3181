"""Actions: what somebody on either side of a partnership has taken on, and by when."""
