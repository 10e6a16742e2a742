"""The map of what everybody has: what they learn, whom they coach, what they were told.

What gathers from every app stands on the roof: `learners:my_course_detail`,
`learners:my_programme_detail`, `learners:my_points`, `learners:coached_detail` and
`learners:my_data` are in `lms/urls.py`.
"""

from django.urls import path

from learners.views import (
    calendars,
    catalogue,
    changing,
    coaching,
    courses,
    files,
    force_majeure,
    lessons,
    notifications,
    profile,
    programmes,
    subscriptions,
    waiting,
    withdrawing,
)

app_name = "learners"

urlpatterns = [
    path("my-learning/courses/", courses.my_course_list, name="my_course_list"),
    path("my-learning/courses/<int:pk>/run/", catalogue.run_choose, name="run_choose"),
    path("my-learning/courses/<int:pk>/other-run/", changing.run_change, name="run_change"),
    path("my-learning/courses/<int:pk>/waiting/leave/", waiting.leave, name="waiting_leave"),
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
    path(
        "my-learning/enrolments/<int:pk>/proof/",
        withdrawing.force_majeure_hand_in,
        name="withdrawal_proof",
    ),
    path("enrolments/<int:pk>/withdraw/", withdrawing.withdraw_for, name="withdraw_for"),
    path("force-majeure/", force_majeure.force_majeure_list, name="force_majeure_list"),
    path(
        "force-majeure/<int:pk>/",
        force_majeure.force_majeure_detail,
        name="force_majeure_detail",
    ),
    path(
        "force-majeure/<int:pk>/accept/",
        force_majeure.force_majeure_accept,
        name="force_majeure_accept",
    ),
    path(
        "force-majeure/<int:pk>/refuse/",
        force_majeure.force_majeure_refuse,
        name="force_majeure_refuse",
    ),
    path(
        "force-majeure/files/<int:pk>/",
        force_majeure.force_majeure_file,
        name="force_majeure_file",
    ),
    path("my-learning/programmes/", programmes.my_programme_list, name="my_programme_list"),
    path("my-learning/trial/", subscriptions.trial_start, name="trial_start"),
    path("my-learners/", coaching.coached_list, name="coached_list"),
    path("catalogue/", catalogue.catalogue_list, name="catalogue_list"),
    path("catalogue/courses/<int:pk>/", catalogue.course_runs, name="course_runs"),
    path("catalogue/runs/<int:pk>/enrol/", catalogue.run_enrol, name="run_enrol"),
    path("catalogue/runs/<int:pk>/wait/", waiting.run_wait, name="run_wait"),
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
    path("runs/<int:pk>/calendar/", calendars.run_calendar, name="run_calendar"),
    path("calendar/<str:key>/", calendars.calendar_feed, name="calendar_feed"),
    path("profile/calendar/", calendars.calendar_renew, name="calendar_renew"),
    path("profile/", profile.profile_edit, name="profile_edit"),
]
