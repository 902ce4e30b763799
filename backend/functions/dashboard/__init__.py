"""Numbers for the landing page."""
