"""Addresses of the pages."""

from django.urls import path

from assessments.web.views import (
    answers,
    assessments,
    concepts,
    courses,
    gradebook,
    journal,
    maps,
    mastery,
    offline,
    questions,
    readings,
    search,
    sittings,
    submissions,
    tokens,
)
from assessments.web.views.help import help_page

app_name = "web"
urlpatterns = [
    path("", courses.home, name="home"),
    path("search/", search.search, name="search"),
    path("help/", help_page, name="help"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("offline/", offline.page, name="offline"),
    path("offline.js", offline.worker, name="offline_worker"),
    path("courses/<slug:slug>/", courses.course, name="course"),
    path("courses/<slug:slug>/map/", maps.course_map, name="map"),
    path("courses/<slug:slug>/glossary/", concepts.course_glossary, name="glossary"),
    path("courses/<slug:slug>/join/", courses.join_course, name="join"),
    path("courses/<slug:slug>/marks/", gradebook.marks, name="marks"),
    path("courses/<slug:slug>/gradebook/", gradebook.gradebook, name="gradebook"),
    path("courses/<slug:slug>/gradebook.csv", gradebook.gradebook_file, name="gradebook_file"),
    path(
        "courses/<slug:slug>/gradebook/<slug:assessment>/",
        gradebook.questions,
        name="gradebook_questions",
    ),
    path(
        "courses/<slug:slug>/gradebook/<slug:assessment>.csv",
        gradebook.questions_file,
        name="gradebook_questions_file",
    ),
    path("courses/<slug:slug>/progress/", mastery.mastery, name="mastery"),
    path("courses/<slug:slug>/recalls/", mastery.recalls, name="recalls"),
    path(
        "courses/<slug:course>/assessments/<slug:slug>/", assessments.assessment, name="assessment"
    ),
    path(
        "courses/<slug:course>/assessments/<slug:slug>/begin/",
        assessments.begin_sitting,
        name="begin",
    ),
    path("sittings/<int:pk>/", sittings.sitting, name="sitting"),
    path("sittings/<int:pk>/<int:number>/", sittings.page, name="sitting_page"),
    path("sittings/<int:pk>/place/<int:place>/", sittings.at_place, name="sitting_place"),
    path("sittings/<int:pk>/place/<int:place>/figures/", sittings.figures, name="sitting_figures"),
    path("sittings/<int:pk>/summary/", sittings.summary, name="summary"),
    path("sittings/<int:pk>/hand-in/", sittings.hand_in_sitting, name="hand_in"),
    path("sittings/<int:pk>/over/", sittings.over, name="over"),
    path("sittings/<int:pk>/review/", sittings.review, name="review"),
    path("concepts/<slug:slug>/", concepts.concept, name="concept"),
    path("concepts/<slug:slug>/pattern/", concepts.pattern, name="pattern"),
    path("concepts/<slug:slug>/helpful/", concepts.helpful, name="vote"),
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
