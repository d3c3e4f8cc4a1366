"""Sealing: only the right key, in the right place, opens; every flipped byte is refused."""
