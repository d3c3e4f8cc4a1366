"""The demonstration of the partners, one module a lane; fictitious throughout."""
