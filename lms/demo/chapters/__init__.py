"""What is told of the demo, chapter by chapter; their order is left to `contents`."""
