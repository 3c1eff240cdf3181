"""The summary: one e-mail to a person with what needs them, in every organisation of theirs.

`asking` has the database ask for everybody's at once; `content` reads, as its reader, what goes
into one; `mail` writes it. What is told in it at once elsewhere is told by home's own selectors.
"""
