"""Turns migrations that were written for Supabase into plain PostgreSQL, edit by edit."""
