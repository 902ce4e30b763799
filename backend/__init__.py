"""The bundled backend: single-purpose Lambda functions of a telehealth practice on PostgreSQL."""
