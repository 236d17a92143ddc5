"""The application a server runs: Django, and the live streams mounted in front of it as areas need them.

It opens only over a database of its own kind (real or demo) and version, whichever server loads it.
"""

import os
import sys
import warnings

from django.core.asgi import get_asgi_application

from corredor.interfaces.cli import lifeline, words

lifeline.follow_parent()
# Static files are read in blocks by a thread; that they are not read asynchronously needs no line in the log.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corredor.config.settings")
application = get_asgi_application()


def _open_door() -> None:
    from django.conf import settings
    from django.db import connections
    from django.utils import translation

    from corredor.kernel.errors import Refused
    from corredor.kernel.installation.services import open_door

    try:
        open_door(demo=settings.IS_DEMO)
    except Refused as refusal:
        with translation.override(words.terminal_language()):
            sys.exit(str(refusal))
    finally:
        connections.close_all()


_open_door()
