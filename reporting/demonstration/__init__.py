"""The demonstration of the reports: keys that work, and one report in every state."""
