"""The demo district: who works there, what its neighbours are told, what has happened so far."""
