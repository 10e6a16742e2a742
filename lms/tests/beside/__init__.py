"""A small app that stands beside `attendance` in the tests, and registers one of everything.

People walk: a walk is let go, handed in with a photo, and passed. It shows that an app adds itself
to every page and answers every question without a line changed elsewhere.
"""
