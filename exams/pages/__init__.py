"""What pages show of assignments, work and progress; no rule needs it."""
