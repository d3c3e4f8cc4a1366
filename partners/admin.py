"""Everything of the partners that the officers' desk shows, one module a noun."""

from partners import (  # noqa: F401 - registers them
    admin_contacts,
    admin_engagements,
    admin_enquiries,
    admin_exchange_retention,
    admin_exchanges,
    admin_files,
    admin_focus_areas,
    admin_instrument_changes,
    admin_instruments,
    admin_notices,
    admin_partners,
    admin_posts,
)
