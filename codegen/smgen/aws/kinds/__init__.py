"""The rows of the table of step kinds, by family, and what a row says."""
