"""When the people of a run meet: planning one and a series, calendars, and a run in words; who was
there is left to the app above."""
