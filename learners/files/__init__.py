"""What a file is, and how it is taken in, scanned and served; who uses it for what is left to the
apps that offer it."""
