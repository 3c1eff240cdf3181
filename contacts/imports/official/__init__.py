"""Reading the files that publishers offer for download, as they are, and bringing them in.

`sources` opens them, `tables` reads rows, `gias` and `ods` understand them and put them into
temporary tables, `bringing_in` merges, keeps a record of what changed, and undoes it.
"""
