"""Documents: choose what to print, gather it, hand it to the engines, mark and trace every copy."""
