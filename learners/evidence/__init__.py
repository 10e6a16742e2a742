"""What all evidence shares that somebody hands in and somebody else judges: its files and the
verdict; what it proves is left to `enrolling` and the app above."""
