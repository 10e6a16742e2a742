"""How rows are read from a CSV or XLSX file that somebody made, and under which headings; what they
mean is left to `importing`."""
