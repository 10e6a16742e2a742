"""Every stored sample is drawn again, and one that somebody changed is named."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from exams.models import HandIn, Sample, SampleItem
from exams.sampling import again
from exams.tests.factories import a_drawn_sample, a_follower, a_hand_in, an_exam_programme, work_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    """A sample of six of seven assignments."""
    return a_drawn_sample(works=7)


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("draw_again", *arguments, stdout=out)
    return out.getvalue()


def complaint(*arguments: str) -> str:
    with pytest.raises(CommandError) as refused:
        said(*arguments)
    assert refused.value.returncode == 1
    return str(refused.value)


def test_samples_are_what_their_seeds_draw(sample):
    a_drawn_sample()
    assert said() == "2 of 2 samples are what their seeds draw.\n"
    assert said("--sample", str(sample.pk)) == "1 of 1 samples are what their seeds draw.\n"


def test_where_there_is_none_nothing_is_wrong():
    assert said() == "0 of 0 samples are what their seeds draw.\n"


def test_what_was_handed_in_and_exempted_since_changes_nothing(sample):
    a_hand_in(work_on(sample.enrolment), "Een nieuwere.")
    assert said() == "1 of 1 samples are what their seeds draw.\n"


def a_swapped_hand_in(sample):
    """Put in the one that was not drawn, in place of the first that was."""
    drawn = sample.items.values("hand_in")
    other = HandIn.objects.filter(work__enrolment=sample.enrolment).exclude(pk__in=drawn)
    SampleItem.objects.filter(sample=sample, position=1).update(hand_in=other.get())


def another_version(sample):
    item = sample.items.get(position=1)
    newer = a_hand_in(item.hand_in.work, "Mooier dan toen.")
    SampleItem.objects.filter(pk=item.pk).update(hand_in=newer)


def a_removed_item(sample):
    sample.items.get(position=6).delete()


def another_order(sample):
    SampleItem.objects.filter(sample=sample, position=1).update(position=9)


def another_seed(sample):
    """Choose one by which the first would not have been drawn."""
    first, stored = sample.items.get(position=1), sample.drawn_from
    held = [(one.hand_in_id, one.hand_in.work_id) for one in sample.items.all()]
    assert first.hand_in_id == held[0][0]
    seeds = (f"{number:032x}" for number in range(100))
    Sample.objects.filter(pk=sample.pk).update(
        seed=next(one for one in seeds if again.why_different(held, stored, sample.size, one))
    )


def a_smaller_size(sample):
    Sample.objects.filter(pk=sample.pk).update(size=5)


def a_shorter_list(sample):
    """Leave out of the list what was drawn first."""
    drawn = sample.items.get(position=1).hand_in_id
    rest = [one for one in sample.drawn_from if one["hand_in"] != drawn]
    Sample.objects.filter(pk=sample.pk).update(drawn_from=rest)


@pytest.mark.parametrize(
    "tamper",
    [
        *(a_swapped_hand_in, another_version, a_removed_item, another_order),
        *(another_seed, a_smaller_size, a_shorter_list),
    ],
)
def test_one_that_somebody_changed_is_named(sample, tamper):
    honest = a_drawn_sample()
    tamper(sample)
    words = complaint()
    assert f"sample {sample.pk}: it holds the hand-ins" in words
    assert f"sample {honest.pk}" not in words
    assert said("--sample", str(honest.pk)) == "1 of 1 samples are what their seeds draw.\n"


def test_a_list_of_another_form_is_named_and_stops_nothing(sample):
    Sample.objects.filter(pk=sample.pk).update(drawn_from=[{"hand_in": 1}])
    assert f"sample {sample.pk}: its list is of no known form" in complaint()


def test_a_sample_that_is_not_there_is_said_to_be_so():
    assert complaint("--sample", "9") == "There is no sample 9."


def test_any_number_of_samples_is_compared_in_two_queries(sample, django_assert_num_queries):
    programme = an_exam_programme(2)
    for _learner in range(2):
        a_drawn_sample(a_follower(programme))
    for chosen in (Sample.objects.filter(pk=sample.pk), Sample.objects.all()):
        with django_assert_num_queries(2):
            again.compare(chosen)
