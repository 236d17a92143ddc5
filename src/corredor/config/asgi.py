"""The application a server runs: Django, and the live streams mounted in front of it as areas need them."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "corredor.config.settings")
application = get_asgi_application()
