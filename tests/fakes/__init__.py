"""Stand-ins for what tests cannot have: an account that denies, throttles or forgets."""
