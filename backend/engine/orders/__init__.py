"""Work orders without a database: their stages, their classes, and which of them are the same."""
