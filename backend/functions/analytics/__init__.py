"""Numbers about care, for those who answer for it."""
