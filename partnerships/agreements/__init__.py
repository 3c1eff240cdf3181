"""Agreements of a partnership: built from clauses, version by version, until every member signs."""
