"""The REST door: parse, call a service, render.

A resource is a file in ``views`` and one in ``serializers``, and a line in ``urls``. Its view is a
``resources.Resource`` with DRF's mixins: ``scopes`` says what a token must be for, ``get_queryset``
starts from one of ``assessments.access``'s sets, so that what a person may not see is a 404. What
a service refuses is raised on and becomes a problem in ``problems``. Each operation has an example
(``examples.example``), and a row in ``tests/assessments/api/test_who_may.py``.
"""
