"""What was published before there were live versions: the newest version of each question."""

from django.db import migrations


def take_newest(apps, _schema):
    Question = apps.get_model("question_bank", "Question")
    Version = apps.get_model("question_bank", "QuestionVersion")
    Event = apps.get_model("question_bank", "QuestionEvent")
    for question in Question.objects.filter(live=None):
        newest = Version.objects.filter(question=question).order_by("-number").first()
        if newest is None:
            continue
        question.live = newest
        question.bloom = newest.content["bloom"]
        question.difficulty = newest.content["difficulty"]
        question.save()
        Event.objects.create(question=question, version=newest, action="loaded")


class Migration(migrations.Migration):
    dependencies = [("question_bank", "0003_authoring")]
    operations = [migrations.RunPython(take_newest, migrations.RunPython.noop)]
