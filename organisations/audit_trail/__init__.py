"""Reading the audit trail: the manager's page, the history of one shared record, the export.

Writing it is `organisations.audit`. Rooms above say in `registry` what their records are called.
"""
