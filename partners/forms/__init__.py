"""The partners' forms, one module a noun."""
