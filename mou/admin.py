"""The desk's tables of this app: alerts, batches, imports, trust, interest, offers, agreements."""

from mou import (  # noqa: F401 - each registers its tables
    admin_agreements,
    admin_alerts,
    admin_batches,
    admin_feedback,
    admin_imports,
    admin_interest,
    admin_library,
    admin_offers,
    admin_recognition,
    admin_training,
    admin_trust,
)
