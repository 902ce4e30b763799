"""What every function shares, and nothing that a cold start does not need."""
