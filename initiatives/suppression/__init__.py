"""Small numbers of people: what may be published so that nobody can work out who they are.

Pure Python without Django: figures go in, and what may be told of each comes out.
"""
