"""English: times as ISO 8601 with seconds and offset."""

DATETIME_FORMAT = r"Y-m-d\TH:i:sO"
