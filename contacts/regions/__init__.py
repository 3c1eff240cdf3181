"""Regional admins: who manages the directory of a region, and the pages where they do."""
