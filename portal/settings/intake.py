"""The forms that nobody logs in for: cookies, quota, challenges."""

from portal.settings.base import PRODUCTION, env

# Only for pages of intake, never sent to another; a draft's key, and a firm's own reports.
REPORT_COOKIE_NAME = "__Secure-report" if PRODUCTION else "report"
OURS_COOKIE_NAME = "__Secure-ours" if PRODUCTION else "ours"
INBOX_COOKIE_NAME = "__Secure-inbox" if PRODUCTION else "inbox"
# What a request to /report/ keeps of its cookies.
INTAKE_COOKIES = {REPORT_COOKIE_NAME, OURS_COOKIE_NAME, INBOX_COOKIE_NAME, "django_language"}

# Where the quick exit leads: a page that nobody wonders about.
INTAKE_EXIT_URL = env("INTAKE_EXIT_URL", default="https://www.wikipedia.org/")
# What the files of all drafts may take up together; when it is full, text still comes in.
INTAKE_QUOTA_BYTES = env.int("INTAKE_QUOTA_BYTES", default=2 * 1024**3)

CAPTCHA_CHALLENGE_FUNCT = "portal.challenges.code"
CAPTCHA_TIMEOUT = 10  # minutes
# Quicker than this nobody reads a picture and types it: seconds with proof of work, and without.
CHALLENGE_SECONDS = (2, 4)
# From how many (challenges shown, wrong, solved: each in minutes past, fading) they get harder.
CHALLENGE_FLOOD = env.list("CHALLENGE_FLOOD", cast=int, default=[300, 1500, 6000])
CHALLENGE_BUCKET_FLOOD = env.list("CHALLENGE_BUCKET_FLOOD", cast=int, default=[60, 200, 600])
# The program that speaks; without it people are offered a question in words.
VOICE_PROGRAM = env("VOICE_PROGRAM", default="espeak-ng")
