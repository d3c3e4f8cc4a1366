"""The portal's settings for the bench of filing: a load generator is quicker than a person."""

from portal.settings import *  # noqa: F403

CHALLENGE_SECONDS = (0, 0)
# Hundreds of reports a minute from one address are the measurement, not a flood.
CHALLENGE_FLOOD = CHALLENGE_BUCKET_FLOOD = [10**9, 10**9, 10**9]
