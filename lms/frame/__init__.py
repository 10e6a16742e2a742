"""What is around and before every page: home, my learning, search, the person whom one coaches,
languages and errors; what apps put there is left to what they offer."""
