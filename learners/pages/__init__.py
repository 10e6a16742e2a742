"""What pages show of courses, programmes and the people whom somebody coaches; no rule needs it."""
