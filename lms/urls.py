"""The map of the site."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

import learners.urls
from lms import views
from lms.frame import coaching_pages
from lms.passwords import ForgottenPasswordView
from lms.safety import personal_pages, violations
from lms.safety.sign_in import SignInView

pages = [
    path("", views.show_home, name="home"),
    path("my-learning/", views.show_my_learning, name="my_learning"),
    path("my-learning/courses/<int:pk>/", views.course_detail, name="course_detail"),
    path("search/", views.search, name="search"),
    path("language/", views.set_language, name="language_set"),
    path("demo/mail/", views.show_demo_mail, name="demo_mail"),
    path("demo/mail/<str:key>/", views.show_demo_mail_look, name="demo_mail_look"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("csp-report/", violations.csp_report, name="csp_report"),
    path("healthz", views.health, name="health"),
    path("livez", views.alive, name="alive"),
    path("metrics", views.show_metrics, name="metrics"),
]

accounts = [
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("forgotten/", ForgottenPasswordView.as_view(), name="password_reset"),
    path("forgotten/sent/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "forgotten/<uidb64>/<token>/",
        auth.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "forgotten/complete/",
        auth.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
]

# What gathers from every app stands on the roof; the floors below know it by the ground's name.
learning = [
    path("profile/data/", personal_pages.my_data, name="my_data"),
    path("my-learning/courses/<int:pk>/", views.course_detail, name="my_course_detail"),
    path("my-learning/programmes/<int:pk>/", views.programme_detail, name="my_programme_detail"),
    path("my-learners/<int:pk>/", coaching_pages.coached_detail, name="coached_detail"),
    path("my-learning/points/", views.my_points, name="my_points"),
    *learners.urls.urlpatterns,
]

administration = [
    path(
        "admin/learners/organisation/<int:pk>/retention/",
        admin.site.admin_view(personal_pages.retention_preview),
        name="retention_preview",
    ),
    path(
        "admin/learners/user/<int:pk>/data/",
        admin.site.admin_view(personal_pages.person_data),
        name="person_data",
    ),
]

urlpatterns = [
    path("", include((pages, "lms"))),
    path("", include((learning, "learners"))),
    path("", include("certifications.urls")),
    path("teaching/", include("attendance.urls")),
    path("accounts/", include(accounts)),
    path("", include((administration, "administration"))),
    path("admin/", admin.site.urls),
]

handler500 = "lms.frame.errors.server_error"
