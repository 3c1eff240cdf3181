"""What people want of their e-mails: which groups of kinds, at once or in the summary, and when.

`groups` says what there is to choose from; `quiet` when an address wants no e-mail; `deciding`
asks both just before a message goes; `way_out` puts the link that stops it into each message.
Kept for an e-mail address, because people without an account get e-mails too.
"""
