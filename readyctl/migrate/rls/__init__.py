"""Row-level security, tested against a database in a transaction that is rolled back."""
