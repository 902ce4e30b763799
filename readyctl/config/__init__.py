"""What people configure: where it is found, what it may say, what it means."""
