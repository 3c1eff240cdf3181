"""Secret addresses from which calendar programs read: who has which, made, ended, opened.

Not here: what a feed holds and the pages (`overview.feeds`), which know what is planned.
"""
