"""Contacts in and out of a region's directory as spreadsheets.

A sheet is read (`files`), its columns are matched to ours (`fields`), every row is checked
against the directory (`checking`), and only then applied, all at once, by the worker in the
scope of whoever asked (`services`, `working`). `docs/directory-sheets.md` says it for users.
"""
