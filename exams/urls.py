"""The map of assignments and exams: making, reviewing and progress, and the way to the exam."""

from django.urls import URLPattern, URLResolver, include, path

from exams.views import (
    assignments,
    drafts,
    exams,
    exemptions,
    progress,
    queue,
    releases,
    reviews,
    samples,
    way,
)

app_name = "exams"

draft_urls = [
    path("keep/", drafts.draft_keep, name="draft_keep"),
    path("copies/<int:copy_pk>/take/", drafts.draft_copy_take, name="draft_copy_take"),
    path("copies/<int:copy_pk>/forget/", drafts.draft_copy_forget, name="draft_copy_forget"),
    path("files/<int:file_pk>/remove/", drafts.draft_file_remove, name="draft_file_remove"),
]

assignment_urls: list[URLPattern | URLResolver] = [
    path("", assignments.assignment_detail, name="assignment_detail"),
    path("draft/", include(draft_urls)),
    path("hand-in/", drafts.assignment_hand_in, name="assignment_hand_in"),
    path("say/", assignments.assignment_say, name="assignment_say"),
]

exam_urls = [
    path("", exams.exam_detail, name="exam_detail"),
    path("apply/", way.exam_apply, name="exam_apply"),
    path("feedback/", way.exam_feedback, name="exam_feedback"),
    path("start/", exams.exam_start, name="exam_start"),
    path(
        "parts/<int:part_pk>/pages/<int:number>/",
        exams.instruction_detail,
        name="instruction_detail",
    ),
]

review_urls = [
    path("", reviews.review_detail, name="review_detail"),
    path("keep/", reviews.review_keep, name="review_keep"),
    path("give/", reviews.review_give, name="review_give"),
    path("remarks/", reviews.remark_add, name="remark_add"),
    path("remarks/<int:remark_pk>/remove/", reviews.remark_remove, name="remark_remove"),
    path("say/", reviews.review_say, name="review_say"),
    path("no-answer/", reviews.review_no_answer, name="review_no_answer"),
]

exemption_urls = [
    path("exempt/", exemptions.assignment_exempt, name="assignment_exempt"),
    path("exempt/end/", exemptions.assignment_exemption_end, name="assignment_exemption_end"),
]

sample_urls = [
    path("", samples.sample_detail, name="sample_detail"),
    path("items/<int:item_pk>/judge/", samples.sample_judge, name="sample_judge"),
    path("decide/", samples.sample_decide, name="sample_decide"),
]

way_urls = [
    path("", releases.learner_exam, name="learner_exam"),
    path("draw/", samples.sample_draw, name="sample_draw"),
    path("release/", releases.exam_release, name="exam_release"),
]

coaching_urls: list[URLPattern | URLResolver] = [
    path("waiting/", queue.review_list, name="review_list"),
    path("reviews/<int:pk>/", include(review_urls)),
    path("progress/", progress.progress_list, name="progress_list"),
    path("progress/<int:pk>/", progress.programme_progress, name="programme_progress"),
    path("progress/<int:pk>/file/", progress.progress_file, name="progress_file"),
    path("<int:pk>/assignments/", progress.learner_assignments, name="learner_assignments"),
    path("<int:pk>/assignments/<int:assignment_pk>/", include(exemption_urls)),
    path("<int:pk>/exam/", include(way_urls)),
    path("samples/<int:pk>/", include(sample_urls)),
]

urlpatterns = [
    path(
        "my-learning/programmes/<int:enrolment_pk>/assignments/<int:pk>/",
        include(assignment_urls),
    ),
    path("my-learning/programmes/<int:enrolment_pk>/exam/", include(exam_urls)),
    path("my-learners/", include(coaching_urls)),
]
