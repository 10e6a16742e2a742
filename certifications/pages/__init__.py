"""What pages show of certifications and their cycles: lists, histories, reasons and time lines; no
rule needs it."""
