"""The only door to devices, signals, alarms and warnings."""
