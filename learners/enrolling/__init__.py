"""Who gets into a course or a run and who leaves it: entering, changing, waiting, withdrawing,
force majeure, cancelling, exempting; what that does to a study status is left to `studying`."""
