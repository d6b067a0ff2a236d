"""The forms and reports in force, their versions, and the data dictionary behind them."""
