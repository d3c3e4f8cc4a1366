"""Agreements with firms: from trust status to offer, signatures and life in force."""
