"""Ill-treats the outbox and counts what became of the messages: `make torture`.

Real Celery workers send through a provider that remembers every message, while they are killed
at random moments in the middle of a batch, the broker is wiped, two clocks tick, and PostgreSQL
starts anew. Then: what was asked for has arrived, what was withdrawn has not, and copies are as
few as can be. `storm` hurts, `workers` are hurt, `asking` asks and withdraws, `providers` count.
"""
