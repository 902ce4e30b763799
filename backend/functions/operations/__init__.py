"""What operates the system itself."""
