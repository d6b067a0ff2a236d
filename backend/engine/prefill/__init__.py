"""Prefill: what is already known about a form, and what is left to ask."""
