"""An organisation's history, brought in from a workbook of three sheets by one of its managers.

A workbook is read (`workbook`), every row is judged against the record (`judging`), and only
then saved, all at once, through the services of the record (`services.saving`); `services.undoing`
takes back what nobody has touched since. `docs/history-import.md` says it for users.
"""
