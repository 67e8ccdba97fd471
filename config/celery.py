"""The web side's Celery application: records what the grading machines report, and recovers.

    celery -A config worker --pool solo -Q web
    celery -A config beat

The grading machines have an application of their own
(``grader.worker``); the two know each other by the names in ``grader.dispatch`` only.
"""

import os

from celery import Celery

from grader import alive, logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sparring")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
logs.follow_tasks()
alive.show()
