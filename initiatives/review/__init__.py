"""Review of initiatives: an organisation or a person is asked, comments, and endorses."""
