"""How the web server runs behind the proxy; the why is in docs/decisions/web-server.md."""

import os

# The network of the container, on which only the proxy reaches it.
bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# A worker's sign of life is a file: in memory, since a disk can make it wait.
worker_tmp_dir = "/dev/shm"  # noqa: S108
timeout = 60
graceful_timeout = 30
keepalive = 5
# A leak costs a restart now and then, and never of all workers at once.
max_requests = 5000
max_requests_jitter = 500
# Only the proxy can connect, and it sets these headers anew for every request.
forwarded_allow_ips = "*"
# No header decides where the portal is or which page is asked for.
forwarder_headers = ""
# The proxy keeps the log of requests where one is kept; for intake none is.
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
