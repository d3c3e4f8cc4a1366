"""Everything of the reports that the officers' desk shows, one module a noun."""

from reporting import (  # noqa: F401 - registers them
    admin_labels,
    admin_reports,
    admin_requests,
    admin_retention,
)
