"""Another package, written by hand, that owns an artifact type of the golden contracts."""
