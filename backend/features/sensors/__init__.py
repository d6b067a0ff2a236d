"""Sensors (物联感知): the register of devices, their alarms, and what several sources point to."""
