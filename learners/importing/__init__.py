"""Enrolments from a file, CSV or XLSX: read, checked line by line, and applied all or not at all.

`reading` yields rows, `cells` says what stands in them, `planning` works out what each line asks
for, `applying` does it through the same functions as every other page, and `jobs` keeps the work.
"""
