"""Dates and times where Django writes them by itself: read-only fields and columns of the admin."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "g:ia"
DATETIME_FORMAT = r"l j F Y \a\t g:ia"
SHORT_DATE_FORMAT = "j F Y"
SHORT_DATETIME_FORMAT = r"j F Y \a\t g:ia"
