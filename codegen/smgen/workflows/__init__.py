"""What the commands do, as functions that Python calls too: compile, lint, import and prove, resolve, deploy, begin."""
