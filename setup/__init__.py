"""Set-up: whatever Python runs this, the first thing it learns is whether it is new enough."""

import sys

# This file alone is written so that every Python can read it; the others need not be.
if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 or newer is needed and this is %d.%d (%s): name a newer one, "
        "for example `make demo PYTHON=python3.12`."
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
