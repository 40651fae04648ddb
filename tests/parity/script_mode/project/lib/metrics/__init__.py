"""A dependency that is a folder."""
