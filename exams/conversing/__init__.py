"""What learner and coach say to each other about a piece of work, and whose answer is awaited."""
