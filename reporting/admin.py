"""Everything of the reports that the officers' desk shows, one module a noun."""

from reporting import admin_labels, admin_reports, admin_requests  # noqa: F401 - registers them
