"""Addresses of the pages."""

from django.urls import path

from assessments.web.views import (
    answers,
    concepts,
    courses,
    journal,
    mastery,
    questions,
    readings,
    submissions,
)
from assessments.web.views.help import help_page

app_name = "web"
urlpatterns = [
    path("", courses.home, name="home"),
    path("help/", help_page, name="help"),
    path("courses/<slug:slug>/", courses.course, name="course"),
    path("courses/<slug:slug>/join/", courses.join_course, name="join"),
    path("courses/<slug:slug>/progress/", mastery.mastery, name="mastery"),
    path("courses/<slug:slug>/recalls/", mastery.recalls, name="recalls"),
    path("concepts/<slug:slug>/", concepts.concept, name="concept"),
    path("questions/<slug:slug>/", questions.question, name="question"),
    path("questions/<slug:slug>/again/", questions.again, name="again"),
    path("questions/<slug:slug>/figures/", questions.figures, name="figures"),
    path("questions/<slug:slug>/answers/", answers.answers, name="answers"),
    path("questions/<slug:slug>/submissions/", submissions.history, name="history"),
    path("questions/<slug:slug>/submissions/compare/", submissions.compare, name="compare"),
    path("readings/number/", readings.number, name="reading"),
    path("attempts/<int:pk>/journal/", journal.journal, name="journal"),
    path("submissions/<int:pk>/", submissions.submission, name="submission"),
    path("submissions/<int:pk>/progress/", submissions.progress, name="progress"),
    path("submissions/<int:pk>/verdict/", submissions.verdict, name="verdict"),
    path("submissions/<int:pk>/source.py", submissions.source, name="source"),
]
