"""Tests of the command line, through its main function or in a process of its own."""
