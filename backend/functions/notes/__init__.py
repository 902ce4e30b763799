"""Clinical notes: written, signed, and co-signed where the author needs it."""
