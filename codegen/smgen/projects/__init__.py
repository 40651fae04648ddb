"""A project's settings, its environments, and its pipeline functions, loaded and compiled."""
