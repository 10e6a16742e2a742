"""What a coach says of what was handed in: verdicts, feedback, remarks, and who waits for whom;
what that does to the work is left to `assignments`."""
