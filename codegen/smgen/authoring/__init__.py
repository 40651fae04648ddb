"""What steps are written with: references, variables, conditions, configs, builders, tunings and their misuse."""
