"""Figures of reports: which SQL counts them, and how they are folded, merged and compared."""
