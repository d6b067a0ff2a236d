"""What people do with accounts: sign on and off, look after the roster, read the trace."""

from backend.features.accounts.whoever import identify

__all__ = ["identify"]
