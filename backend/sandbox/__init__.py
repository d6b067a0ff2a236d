"""Imitated neighbours for the demo and the tests; nothing else imports them."""
