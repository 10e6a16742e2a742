"""The map of teaching: my runs, their meetings, waiting lists and registers, and what was saved."""

from django.urls import path

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

register_urls = "<int:run_pk>/participants/"
meeting_urls = "<int:run_pk>/meetings/"

urlpatterns = [
    path("", teaching.run_list, name="teaching"),
    path("today/", teaching.today, name="today"),
    path(f"{meeting_urls}", planning.run_meetings, name="run_meetings"),
    path(f"{meeting_urls}plan/", planning.meeting_plan, name="meeting_plan"),
    path(f"{meeting_urls}<int:pk>/", planning.meeting_change, name="meeting_change"),
    path(f"{meeting_urls}<int:pk>/cancel/", planning.meeting_cancel, name="meeting_cancel"),
    path("<int:run_pk>/waiting/", planning.run_waiting, name="run_waiting"),
    path(f"{register_urls}", register.run_register, name="run_register"),
    path(f"{register_urls}keep/", register.register_keep, name="register_keep"),
    path(f"{register_urls}forget/", register.register_forget, name="register_forget"),
    path(f"{register_urls}continue/", register.register_continue, name="register_continue"),
    path(f"{register_urls}question/", register.register_question, name="register_question"),
    path(f"{register_urls}save/", register.register_save, name="register_save"),
    path(f"{register_urls}close/", closing.register_close, name="register_close"),
    path(f"{register_urls}reopen/", closing.register_reopen, name="register_reopen"),
    path(f"{register_urls}<int:pk>/", participants.participant_detail, name="participant_detail"),
    path(
        f"{register_urls}<int:pk>/issue/",
        issuing.participant_issue,
        name="participant_issue",
    ),
    path("savings/<int:pk>/", saving.saving_detail, name="saving_detail"),
    path("savings/<int:pk>/progress/", saving.saving_progress, name="saving_progress"),
    path("savings/<int:pk>/undo/", saving.saving_undo, name="saving_undo"),
    path("savings/<int:pk>/issue/", issuing.saving_issue, name="saving_issue"),
    path("savings/<int:pk>/differences/", saving.saving_settle, name="saving_settle"),
]
