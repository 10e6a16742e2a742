"""What somebody types who plans meetings, and what they see before it is done; planning itself is
left to the ground's `meetings`."""
