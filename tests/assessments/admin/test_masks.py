"""The pictures beside a form: those of the patterns typed, with the values of the preview."""

from assessments.admin.drafts.masks import masks_of
from question_bank.courses import read_course
from question_bank.kinds.case import CaseContent, CasePage, CaseVariant, Part
from tests.conftest import COURSE_FOLDER


def test_each_part_of_a_case_is_drawn_with_the_values_that_its_stem_shows() -> None:
    numeric = (
        read_course(COURSE_FOLDER)
        .questions["keys-seen"]
        .model_copy(
            update={
                "stem": "n = [[n]], window = [[window]], position = [[position]]",
                "misconceptions": (),
            }
        )
    )
    case = CaseContent(
        kind="case",
        stem="A case.",
        parts=tuple(Part(question=numeric) for _ in range(3)),
        **numeric.model_dump(
            include={"title", "concepts", "bloom", "difficulty", "source", "explanation"}
        ),
    )
    for seed in range(8):
        page = CaseVariant(case, seed).page
        assert isinstance(page, CasePage)
        masks = list(masks_of(case.model_dump(mode="json"), seed))
        assert [mask.name for mask in masks] == [f"c.parts.{n}.question.pattern" for n in range(3)]
        shown = [mask.caption.removesuffix(".") for mask in masks]
        assert all(
            caption.endswith(part.stem) for caption, part in zip(shown, page.parts, strict=True)
        )
