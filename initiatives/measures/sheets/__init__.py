"""Many readings at once: pasted rows, CSV files and workbooks, looked at before anything is saved.

Until they are saved, raw numbers are in no table, session or file: they travel with the page of the
one person who entered them, signed.
"""
