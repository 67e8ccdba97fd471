"""Settings, URLs and the web side's Celery application."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
