"""`python -m tests.template NAME`: migrates a database from nothing, for tests to start from."""

import os
import sys
import warnings

import django


def main(name: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()

    from django.db import connections
    from django.test.utils import setup_databases

    warnings.simplefilter("error")
    connections["default"].settings_dict["TEST"]["NAME"] = name
    setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
    # Whoever copies it finds everything written back, and nobody there.
    connections.close_all()


if __name__ == "__main__":
    main(sys.argv[1])
