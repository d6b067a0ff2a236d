"""The only door to the rows of the registers; set-based, one file per verb."""
