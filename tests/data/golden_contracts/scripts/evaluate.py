"""The script of ModelEvaluation; it is never run."""
