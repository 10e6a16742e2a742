"""Dutch: 22 nov 2026 14:00."""

DATE_FORMAT = "j b Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j b Y H:i"
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S", "%H.%M"]
