"""Printed paper: ledgers, reports and picture pages as PDF, laid out here down to each glyph.

Values in (`papers`), bytes out (`ledger_pdf`, `report_pdf`, `picture_pdf`); nothing is read but
the font files. The only package that knows reportlab, of which it uses the object writer.
"""
