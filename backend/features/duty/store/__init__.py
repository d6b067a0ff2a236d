"""The only door to shifts, logs and emergencies, a file by what it is about."""
