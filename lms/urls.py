"""The map of the site."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, include, path

import learners.urls
from lms import views
from lms.frame import coaching_pages
from lms.passwords import ForgottenPasswordView
from lms.safety import personal_pages, violations
from lms.safety.sign_in import SignInView

demo_mail_urls = [
    path("", views.show_demo_mail, name="demo_mail"),
    path("<str:key>/", views.show_demo_mail_look, name="demo_mail_look"),
]

page_urls: list[URLPattern | URLResolver] = [
    path("", views.show_home, name="home"),
    path("my-learning/", views.show_my_learning, name="my_learning"),
    path("my-learning/courses/<int:pk>/", views.course_detail, name="course_detail"),
    path("search/", views.search, name="search"),
    path("language/", views.set_language, name="language_set"),
    path("demo/mail/", include(demo_mail_urls)),
    path("favicon.ico", views.favicon, name="favicon"),
    path("csp-report/", violations.csp_report, name="csp_report"),
    path("healthz", views.health, name="health"),
    path("livez", views.alive, name="alive"),
    path("metrics", views.show_metrics, name="metrics"),
]

password_urls = [
    path("", auth.PasswordChangeView.as_view(), name="password_change"),
    path("done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
]

forgotten_urls = [
    path("", ForgottenPasswordView.as_view(), name="password_reset"),
    path("sent/", auth.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "<uidb64>/<token>/",
        auth.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("complete/", auth.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]

account_urls: list[URLPattern | URLResolver] = [
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", include(password_urls)),
    path("forgotten/", include(forgotten_urls)),
]

my_learning_urls = [
    path("courses/<int:pk>/", views.course_detail, name="my_course_detail"),
    path("programmes/<int:pk>/", views.programme_detail, name="my_programme_detail"),
    path("points/", views.my_points, name="my_points"),
]

# What gathers from every app stands on the roof; the floors below know it by the ground's name.
learner_urls: list[URLPattern | URLResolver] = [
    path("my-learning/", include(my_learning_urls)),
    path("my-learners/<int:pk>/", coaching_pages.coached_detail, name="coached_detail"),
    path("profile/data/", personal_pages.my_data, name="my_data"),
    *learners.urls.urlpatterns,
]

administration_urls = [
    path(
        "organisation/<int:pk>/retention/",
        admin.site.admin_view(personal_pages.retention_preview),
        name="retention_preview",
    ),
    path(
        "user/<int:pk>/data/",
        admin.site.admin_view(personal_pages.person_data),
        name="person_data",
    ),
]

urlpatterns = [
    path("", include((page_urls, "lms"))),
    path("", include((learner_urls, "learners"))),
    path("", include("certifications.urls")),
    path("", include("exams.urls")),
    path("teaching/", include("attendance.urls")),
    path("accounts/", include(account_urls)),
    path("admin/learners/", include((administration_urls, "administration"))),
    path("admin/", admin.site.urls),
]

handler500 = "lms.frame.errors.server_error"
