"""What people do on duty and in an emergency, a file by what it is about."""
