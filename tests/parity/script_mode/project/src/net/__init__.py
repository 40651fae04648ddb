"""A package of the script."""
