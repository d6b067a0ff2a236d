"""What officers, the street and everybody with a complaint do."""
