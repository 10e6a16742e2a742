"""How rows are read from a CSV or XLSX file that somebody made, under which headings, and how they
are written into one; what they mean is left to `importing`."""
