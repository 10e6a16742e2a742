"""The map of the site."""

from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.urls import include, path

from lms import views

pages = [
    path("healthz", views.health, name="health"),
]

urlpatterns = [
    path("", include((pages, "lms"))),
    path("accounts/login/", LoginView.as_view(), name="login"),
    path("admin/", admin.site.urls),
]
