"""How long, how many, how often: terms of agreements, of the directory and of lists."""

from portal.settings.base import env

# How long a firm may ask for a review of a refusal.
INTEREST_REVIEW_DAYS = env.int("INTEREST_REVIEW_DAYS", default=60)
# A review is opened so many days before it is due.
AGREEMENT_REVIEW_DAYS = env.int("AGREEMENT_REVIEW_DAYS", default=90)
# A firm that has not acknowledged an alert is reminded once after so many days.
ALERT_REMINDER_DAYS = env.int("ALERT_REMINDER_DAYS", default=7)
# The offer to take a firm over ends after so many days.
HANDOVER_DAYS = env.int("HANDOVER_DAYS", default=14)
# Contacts of an agreement are confirmed again after so many days (domain: six months).
AGREEMENT_CONTACT_CONFIRM_DAYS = env.int("AGREEMENT_CONTACT_CONFIRM_DAYS", default=183)
# An entry of the directory of partners is to be found true again after so many months.
DIRECTORY_REVIEW_MONTHS = env.int("DIRECTORY_REVIEW_MONTHS", default=6)
# What names a person there is erased so many months after the end of the role (domain: policy).
DIRECTORY_HOLDER_MONTHS = env.int("DIRECTORY_HOLDER_MONTHS", default=12)
# House policy: notes of meetings, notices and ended subscriptions go so many months afterwards.
ENGAGEMENT_MONTHS = env.int("ENGAGEMENT_MONTHS", default=36)
NOTICE_MONTHS = env.int("NOTICE_MONTHS", default=24)
SUBSCRIPTION_MONTHS = env.int("SUBSCRIPTION_MONTHS", default=12)
# Figures that the templates' clauses name as {notice_days} and the like (domain: policy).
AGREEMENT_PLACES = {
    "notice_days": env("AGREEMENT_NOTICE_DAYS", default="90"),
    "contact_days": env("AGREEMENT_CONTACT_DAYS", default="10"),
    "feedback_days": env("AGREEMENT_FEEDBACK_DAYS", default="30"),
    "review_months": env("AGREEMENT_REVIEW_MONTHS", default="12"),
}

# Lists of certificates: larger ones are refused before they are read.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=10_000_000)
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=20_000)
# The Commission's service for EORI numbers; empty: they are checked by hand only.
EORI_SERVICE_URL = env("EORI_SERVICE_URL", default="")
EORI_SERVICE_SECONDS = env.float("EORI_SERVICE_SECONDS", default=10.0)
# A list that nobody confirmed is dropped after so many days.
IMPORT_KEPT_DAYS = env.int("IMPORT_KEPT_DAYS", default=30)
