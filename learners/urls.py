"""The map of what everybody has: what they learn, whom they coach, what they were told.

What gathers from every app stands on the roof: `learners:my_course_detail` and `learners:my_data`
are in `lms/urls.py`.
"""

from django.urls import path

from learners.views import (
    catalogue,
    coaching,
    courses,
    files,
    lessons,
    notifications,
    profile,
    programmes,
    subscriptions,
    withdrawing,
)

app_name = "learners"

urlpatterns = [
    path("my-learning/courses/", courses.my_course_list, name="my_course_list"),
    path("my-learning/courses/<int:pk>/run/", catalogue.run_choose, name="run_choose"),
    path("my-learning/courses/<int:pk>/lessons/", lessons.learn, name="learn"),
    path(
        "my-learning/courses/<int:enrolment_pk>/lessons/<int:pk>/",
        lessons.lesson_detail,
        name="lesson_detail",
    ),
    path(
        "my-learning/courses/<int:enrolment_pk>/lessons/<int:pk>/finish/",
        lessons.lesson_finish,
        name="lesson_finish",
    ),
    path(
        "my-learning/courses/<int:enrolment_pk>/lessons/<int:pk>/position/",
        lessons.lesson_position,
        name="lesson_position",
    ),
    path("my-learning/enrolments/<int:pk>/withdraw/", withdrawing.withdraw, name="withdraw"),
    path("my-learning/programmes/", programmes.my_programme_list, name="my_programme_list"),
    path(
        "my-learning/programmes/<int:pk>/",
        programmes.my_programme_detail,
        name="my_programme_detail",
    ),
    path("my-learning/trial/", subscriptions.trial_start, name="trial_start"),
    path("my-learners/", coaching.coached_list, name="coached_list"),
    path("my-learners/<int:pk>/", coaching.coached_detail, name="coached_detail"),
    path("catalogue/", catalogue.catalogue_list, name="catalogue_list"),
    path("catalogue/runs/<int:pk>/enrol/", catalogue.run_enrol, name="run_enrol"),
    path("catalogue/courses/<int:pk>/enrol/", catalogue.course_enrol, name="course_enrol"),
    path("materials/<int:pk>/", files.material_open, name="material_open"),
    path("lessons/<int:pk>/", lessons.lesson_preview, name="lesson_preview"),
    path("files/<int:pk>/", files.file_download, name="file_download"),
    path("files/<int:pk>/framed/", files.file_framed, name="file_framed"),
    path("notifications/", notifications.notification_list, name="notification_list"),
    path(
        "notifications/read/",
        notifications.notification_read_all,
        name="notification_read_all",
    ),
    path("notifications/<int:pk>/read/", notifications.notification_read, name="notification_read"),
    path("profile/", profile.profile_edit, name="profile_edit"),
]
