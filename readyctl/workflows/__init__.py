"""One module for each verb: composition only, read from top to bottom."""
