"""Signing in beyond the password: the second step, passkeys, providers, sessions, limits.

allauth does the checking; what is here says when it is asked, in which words, and what goes on
record. Who may do what once signed in is not here (`organisations.permissions`).
"""
