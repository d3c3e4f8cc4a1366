"""The verbs of the agreements, one module a noun."""
