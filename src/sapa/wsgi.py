"""Django's WSGI handler, which the front in asgi.py calls in its thread pool."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapa.settings")
application = get_wsgi_application()
