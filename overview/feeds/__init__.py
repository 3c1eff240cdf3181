"""Calendar feeds: their pages, and what a program reads at a feed's address.

Who has which feed, and its secret: `partnerships.diary.feeds`.
"""
