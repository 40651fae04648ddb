"""A script that only its place matters of: no test runs it."""
