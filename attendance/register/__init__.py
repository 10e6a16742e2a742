"""From what a teacher typed to what is saved: read, checked, asked about, saved, settled and
undone; how it is written is left to `marking`."""
