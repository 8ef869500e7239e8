"""Running the service: its log, its figures, and the doctor who finds out what is amiss."""
