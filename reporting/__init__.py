"""Confidential suspicion reports: sealed at the door, triaged at the officers' desk."""
