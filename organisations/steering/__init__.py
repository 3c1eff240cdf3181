"""What operators see of the outbox, and do about it: how much waits and since when, what went
wrong, trying again or dropping with a reason. And the same figures for programs that watch.

An operator learns the kind, the organisation, when, the state, the reason and the domain of the
address: not who it is for, what it is about, or what it says.
"""
