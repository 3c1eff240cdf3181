"""How a partnership does, computed from its record: the five steps, and the health signals.

`facts` is what is known of one partnership on a day, `reading` reads it, and `steps`, `signals`
and `asked_of` say what follows from it: functions of the facts alone. Only what every member sees
counts, so that all of them read the same.
"""
