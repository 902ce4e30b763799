"""Reads bodies of PL/pgSQL routines, and has the server analyse what is in them."""
