"""The map of teaching: my runs, their meetings, waiting lists and registers, and what was saved."""

from django.urls import URLPattern, URLResolver, include, path

from attendance.views import (
    closing,
    issuing,
    participants,
    planning,
    register,
    saving,
    teaching,
)

app_name = "attendance"

meeting_urls = [
    path("", planning.run_meetings, name="run_meetings"),
    path("plan/", planning.meeting_plan, name="meeting_plan"),
    path("<int:pk>/", planning.meeting_change, name="meeting_change"),
    path("<int:pk>/cancel/", planning.meeting_cancel, name="meeting_cancel"),
]

participant_urls = [
    path("", participants.participant_detail, name="participant_detail"),
    path("issue/", issuing.participant_issue, name="participant_issue"),
]

register_urls: list[URLPattern | URLResolver] = [
    path("", register.run_register, name="run_register"),
    path("keep/", register.register_keep, name="register_keep"),
    path("forget/", register.register_forget, name="register_forget"),
    path("continue/", register.register_continue, name="register_continue"),
    path("question/", register.register_question, name="register_question"),
    path("save/", register.register_save, name="register_save"),
    path("close/", closing.register_close, name="register_close"),
    path("reopen/", closing.register_reopen, name="register_reopen"),
    path("<int:pk>/", include(participant_urls)),
]

run_urls: list[URLPattern | URLResolver] = [
    path("meetings/", include(meeting_urls)),
    path("waiting/", planning.run_waiting, name="run_waiting"),
    path("participants/", include(register_urls)),
]

saving_urls = [
    path("", saving.saving_detail, name="saving_detail"),
    path("progress/", saving.saving_progress, name="saving_progress"),
    path("undo/", saving.saving_undo, name="saving_undo"),
    path("issue/", issuing.saving_issue, name="saving_issue"),
    path("differences/", saving.saving_settle, name="saving_settle"),
]

urlpatterns = [
    path("", teaching.run_list, name="teaching"),
    path("today/", teaching.today, name="today"),
    path("<int:run_pk>/", include(run_urls)),
    path("savings/<int:pk>/", include(saving_urls)),
]
