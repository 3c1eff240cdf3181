"""Who a transaction acts for, and how PostgreSQL is told.

`scope` holds the current scope and enters another one; `backend` sends it with BEGIN;
`rls` writes policies in migrations; `checks` refuses an over-privileged connection.
"""
