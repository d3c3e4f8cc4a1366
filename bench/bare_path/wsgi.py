"""The entry point of the bare path's server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_path.settings"
application = get_wsgi_application()
