"""One module for each family of facts; they do not know each other."""
