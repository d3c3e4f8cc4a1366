"""What the journeys share."""

from tests.journeys.reports import sit_down  # noqa: F401 - a fixture
