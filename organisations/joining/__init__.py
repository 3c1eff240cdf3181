"""How an organisation joins, is frozen, and leaves.

`domains` are what operators trust, `claims` admits by them, `opening` takes the acceptance of
the terms and opens the organisation, `suspending` and `leaving` close it, `export` gives it
what it keeps. Other floors take part through `registry`.
"""
