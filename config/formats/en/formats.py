"""English as Malaysia writes dates: the day first. Read by Django, beside its own formats."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, g.i a"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y, g.i a"
