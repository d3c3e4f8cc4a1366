"""All settings: safe defaults for development, loud failure for a missing production secret."""

from portal.settings.base import *
from portal.settings.connections import *
from portal.settings.intake import *
from portal.settings.logs import *
from portal.settings.parts import *
from portal.settings.people import *
from portal.settings.security import *
from portal.settings.terms import *
from portal.settings.work import *
