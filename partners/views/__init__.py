"""The partners' pages, one module a noun."""
