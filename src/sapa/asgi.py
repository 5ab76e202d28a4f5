"""What the web server loads: the front, with Django's WSGI handler behind it."""

from sapa.wsgi import application as django

# isort: split
# Django must be set up before anything imports a model.
from django.conf import settings

from sapa.front import Front

application = Front(django, works=settings.WORK_IN_WEB)
