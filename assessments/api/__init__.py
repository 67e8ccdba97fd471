"""The REST door: parse, call a service, render.

A resource is a file in ``views``, one in ``serializers`` and a line in ``urls``. Its view is a
``resources.Resource``, with ``Listed`` and ``Shown`` for GET: ``scopes`` says what a token must be
for, ``orderings`` and ``filterset_class`` what lists offer, and ``get_queryset`` starts from one of
``assessments.access``'s sets, so that what a person may not see is a 404. A body is read by a
``parsing.StrictSerializer``. A POST that creates works within ``repeats.once`` and names its action
in ``repeatable``; a change that could overwrite somebody's work calls ``check_unchanged`` and is in
``guarded``. What a service refuses is raised on, and becomes a problem in ``problems``; what hangs
on an attempt is a ``views.work.Work``, which knows what is released and what an exam closes.

Each operation has an example (``schema.example`` or ``readable``), a row in
``tests/assessments/api/rows.py`` that says who may, and values in ``askers.known`` there for the
requests that are drawn from the schema. Afterwards ``make api-schema`` writes docs/openapi.yaml.
"""
