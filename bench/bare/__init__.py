"""The baseline of the page benchmark: one Django page, as a new project would write it."""
