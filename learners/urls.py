"""The map of what everybody has: what they learn, what they were told, who they are."""

from django.urls import path

from learners.views import notifications, profile

app_name = "learners"

urlpatterns = [
    path("notifications/", notifications.notification_list, name="notification_list"),
    path(
        "notifications/read/",
        notifications.notification_read_all,
        name="notification_read_all",
    ),
    path("notifications/<int:pk>/read/", notifications.notification_read, name="notification_read"),
    path("profile/", profile.profile_edit, name="profile_edit"),
]
