"""Settings, URLs and the web-side Celery application."""
