"""What leaders look at: a committee's day, a street's committees, a district's streets. Units are
compared by results for residents, persons never."""
