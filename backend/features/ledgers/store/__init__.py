"""The only door to ledger entries: writing them, and reading them back."""
