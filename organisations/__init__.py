"""Organisations, people who sign in, tenancy, audit, the outbox and the guard-rail."""
