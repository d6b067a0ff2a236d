"""Working days, reporting periods and due dates: arithmetic over a given calendar."""
