"""People: courses, enrolments, attempts, responses, submissions and their grading."""
