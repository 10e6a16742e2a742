"""What is recorded of people at meetings, and how a mark, a note and its history are written; what
a teacher typed is left to `register`."""
