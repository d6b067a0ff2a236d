"""Spreadsheets: ledgers and reports as .xlsx, and reading what people send (.xlsx, .xls, .csv)."""
