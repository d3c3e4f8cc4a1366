"""What is done in the background, and when: broker, workers, the timetable, the outbox."""

from portal.settings.base import VAR, env
from portal.settings.connections import REDIS_URL

CELERY_BROKER_URL = REDIS_URL or "wholefiles://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 300,
        "socket_connect_timeout": 1,
        "max_retries": 0,
        "socket_timeout": 2,
    }
    if REDIS_URL
    else {
        "data_folder_in": str(VAR / "broker"),
        "data_folder_out": str(VAR / "broker"),
        "control_folder": str(VAR / "broker" / "control"),
        "polling_interval": 0.05,
    }
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_BEAT_SCHEDULE = {
    # A tick that no worker took in time is dropped: the next one does the same work.
    **{
        f"deliver what is open: {queue}": {
            "task": "portal.tasks.deliver_open",
            "schedule": 5.0,
            "args": [queue],
            "options": {"queue": queue, "expires": 5},
        }
        for queue in ("default", "pdf")
    },
    "clear what is old": {"task": "portal.tasks.clear_old", "schedule": 24 * 3600.0},
    "clear challenges": {"task": "portal.tasks.clear_challenges", "schedule": 300.0},
    "seal the audit log": {"task": "portal.tasks.seal_audit", "schedule": 60.0},
    "stamp the audit head": {"task": "portal.tasks.stamp_audit", "schedule": 3600.0},
    "sweep agreements": {"task": "mou.tasks.sweep", "schedule": 30.0},
    "send offers that are due": {"task": "mou.tasks.send_due_offers", "schedule": 900.0},
    "drop lists that nobody confirmed": {
        "task": "mou.tasks.drop_abandoned_imports",
        "schedule": 86_400.0,
    },
    "erase old expressions of interest": {
        "task": "mou.tasks.erase_interests",
        "schedule": 86_400.0,
    },
    "keep archived agreements": {"task": "mou.tasks.preserve", "schedule": 3600.0},
    "lead agreements on": {"task": "mou.tasks.lead_on", "schedule": 900.0},
    "lead posts abroad on": {"task": "partners.tasks.lead_posts_on", "schedule": 3600.0},
    "find reports that are late": {"task": "reporting.tasks.find_late", "schedule": 60.0},
    "send the digest at its time": {
        "task": "reporting.tasks.send_digest",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "clear drafts and what else lasts minutes": {
        "task": "reporting.tasks.clear_short_lived",
        "schedule": 300.0,
    },
    "send the digest of notices": {"task": "partners.tasks.send_notices", "schedule": 900.0},
    "erase old enquiries": {"task": "partners.tasks.erase_old", "schedule": 3600.0},
    "remind of answers to partners": {"task": "partners.tasks.remind_due", "schedule": 60.0},
    "keep and erase exchanges": {"task": "partners.tasks.retain_exchanges", "schedule": 900.0},
    "keep and erase reports": {"task": "reporting.tasks.retain", "schedule": 900.0},
    "keep the directory true": {"task": "partners.tasks.keep_directory", "schedule": 3600.0},
}
# A claim on an outbox row outlives the task's own time limit, so no work runs twice at once.
OUTBOX_CLAIM_SECONDS = env.int("OUTBOX_CLAIM_SECONDS", default=130)
# How long what is kept for a while is kept.
RETENTION_DAYS = {
    "outbox": env.int("RETENTION_OUTBOX_DAYS", default=90),
    "audit": env.int("RETENTION_AUDIT_DAYS", default=3 * 366),
    # Words of a firm's enquiry, after it was closed.
    "enquiry": env.int("RETENTION_ENQUIRY_DAYS", default=2 * 365),
}
