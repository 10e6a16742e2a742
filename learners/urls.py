"""The map of what everybody has: what they learn, whom they coach, what they were told.

What gathers from every app stands on the roof: `learners:my_course_detail`,
`learners:my_programme_detail`, `learners:my_points`, `learners:coached_detail` and
`learners:my_data` are in `lms/urls.py`.
"""

from django.urls import URLPattern, URLResolver, include, path

from learners.views import (
    calendars,
    catalogue,
    changing,
    coaching,
    courses,
    files,
    films,
    force_majeure,
    lessons,
    notifications,
    profile,
    programmes,
    standing_in,
    subscriptions,
    uploading,
    waiting,
    withdrawing,
)

app_name = "learners"

my_course_urls = [
    path("run/", catalogue.run_choose, name="run_choose"),
    path("other-run/", changing.run_change, name="run_change"),
    path("waiting/leave/", waiting.leave, name="waiting_leave"),
    path("lessons/", lessons.learn, name="learn"),
]

my_lesson_urls = [
    path("", lessons.lesson_detail, name="lesson_detail"),
    path("finish/", lessons.lesson_finish, name="lesson_finish"),
    path("position/", lessons.lesson_position, name="lesson_position"),
]

my_enrolment_urls = [
    path("withdraw/", withdrawing.withdraw, name="withdraw"),
    path("proof/", withdrawing.force_majeure_hand_in, name="withdrawal_proof"),
]

# A lesson is not nested in its course, as the views of each know their own as `pk`.
my_learning_urls: list[URLPattern | URLResolver] = [
    path("courses/", courses.my_course_list, name="my_course_list"),
    path("courses/<int:pk>/", include(my_course_urls)),
    path("courses/<int:enrolment_pk>/lessons/<int:pk>/", include(my_lesson_urls)),
    path("enrolments/<int:pk>/", include(my_enrolment_urls)),
    path("programmes/", programmes.my_programme_list, name="my_programme_list"),
    path("programmes/<int:pk>/code/", subscriptions.code_use, name="code_use"),
    path("trial/", subscriptions.trial_start, name="trial_start"),
]

catalogue_course_urls = [
    path("", catalogue.course_runs, name="course_runs"),
    path("enrol/", catalogue.course_enrol, name="course_enrol"),
]

catalogue_run_urls = [
    path("enrol/", catalogue.run_enrol, name="run_enrol"),
    path("wait/", waiting.run_wait, name="run_wait"),
]

catalogue_urls: list[URLPattern | URLResolver] = [
    path("", catalogue.catalogue_list, name="catalogue_list"),
    path("courses/<int:pk>/", include(catalogue_course_urls)),
    path("runs/<int:pk>/", include(catalogue_run_urls)),
]

force_majeure_urls = [
    path("", force_majeure.force_majeure_list, name="force_majeure_list"),
    path("<int:pk>/", force_majeure.force_majeure_detail, name="force_majeure_detail"),
    path("<int:pk>/accept/", force_majeure.force_majeure_accept, name="force_majeure_accept"),
    path("<int:pk>/refuse/", force_majeure.force_majeure_refuse, name="force_majeure_refuse"),
    path("files/<int:pk>/", force_majeure.force_majeure_file, name="force_majeure_file"),
]

file_urls = [
    path("", files.file_download, name="file_download"),
    path("framed/", files.file_framed, name="file_framed"),
]

upload_urls = [
    path("", uploading.upload_begin, name="upload_begin"),
    path("<slug:token>/", uploading.upload, name="upload"),
    path("<slug:token>/compare/", uploading.upload_compare, name="upload_compare"),
]

notification_urls = [
    path("", notifications.notification_list, name="notification_list"),
    path("read/", notifications.notification_read_all, name="notification_read_all"),
    path("<int:pk>/read/", notifications.notification_read, name="notification_read"),
]

coaching_urls = [
    path("", coaching.coached_list, name="coached_list"),
    path("stand-ins/", standing_in.stand_ins, name="stand_ins"),
    path("stand-ins/<int:pk>/end/", standing_in.stand_in_end, name="stand_in_end"),
]

profile_urls = [
    path("", profile.profile_edit, name="profile_edit"),
    path("calendar/", calendars.calendar_renew, name="calendar_renew"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("my-learning/", include(my_learning_urls)),
    path("my-learners/", include(coaching_urls)),
    path("catalogue/", include(catalogue_urls)),
    path("enrolments/<int:pk>/withdraw/", withdrawing.withdraw_for, name="withdraw_for"),
    path("force-majeure/", include(force_majeure_urls)),
    path("materials/<int:pk>/", files.material_open, name="material_open"),
    path("lessons/<int:pk>/", lessons.lesson_preview, name="lesson_preview"),
    path("files/<int:pk>/", include(file_urls)),
    path("uploads/", include(upload_urls)),
    path("help/smaller-film/", films.smaller_film, name="smaller_film"),
    path("notifications/", include(notification_urls)),
    path("runs/<int:pk>/calendar/", calendars.run_calendar, name="run_calendar"),
    path("calendar/<str:key>/", calendars.calendar_feed, name="calendar_feed"),
    path("profile/", include(profile_urls)),
]
