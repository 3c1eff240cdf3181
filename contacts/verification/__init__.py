"""Keeping a directory true: asking the people in it, what they answer, and their rights.

The database says what is due and takes answers in (`migrations/0010_checking.sql`); here is what
wakes it (`clock`), the e-mails (`mail`), the links in them (`links`), and the pages behind.
"""
