"""Makes the manifest and the API's description out of what the functions declare."""
