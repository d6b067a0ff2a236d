"""Duty and emergency (值班值守、平急转换): who is on duty, what they wrote down, and the switch."""
