"""A pipeline under construction: its steps, branches and loops, AUTO ports, filled requests, and the definition."""
