"""Sensors: what counts as an alarm, and how thousands of signals become one."""
