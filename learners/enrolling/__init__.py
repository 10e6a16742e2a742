"""Who gets into a course or a run and who leaves it: entering, changing, waiting, withdrawing,
force majeure, cancelling, exempting; and who coaches them, or stands in for who does. What that
does to a study status is left to `studying`."""
