"""The agreement pages of a firm's people, one module a noun."""
