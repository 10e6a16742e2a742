"""A text line by line."""

from exams.models import Remark
from exams.pages.lines import MOST_LINES, lines_of


def test_a_text_of_very_many_lines_ends_in_one_that_has_the_rest_and_its_remarks():
    text = "\n" * 150_000 + "einde"
    remark = Remark(place=150_001, text="Hier")
    lines = lines_of(text, [remark])
    assert len(lines) == MOST_LINES
    assert "\n".join(line.text for line in lines) == text
    assert lines[-1].remarks == [remark]
