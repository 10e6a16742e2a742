"""What pages show of certifications and their rounds: lists, histories, reasons and time lines; no
rule needs it."""
