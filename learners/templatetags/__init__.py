"""Words and signs for templates: days as people say them, icons, pills, lessons and what is told;
what they say is decided elsewhere."""
