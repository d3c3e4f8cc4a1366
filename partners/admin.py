"""Everything of the partners that the officers' desk shows, one module a noun."""

from partners import (  # noqa: F401 - registers them
    admin_contacts,
    admin_enquiries,
    admin_exchanges,
    admin_instruments,
    admin_partners,
    admin_posts,
)
