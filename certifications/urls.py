"""The map of certificates: a learner's own, the PDF, and the public check."""

from django.urls import path

from certifications import views

app_name = "certifications"

urlpatterns = [
    path("my-learning/certificates/", views.my_certificate_list, name="my_certificate_list"),
    path(
        "my-learning/certificates/<str:code>/",
        views.my_certificate_detail,
        name="my_certificate_detail",
    ),
    path("certificates/<str:code>/row/", views.certificate_row, name="certificate_row"),
    path(
        "certificates/<str:code>/download/",
        views.certificate_download,
        name="certificate_download",
    ),
    path("c/", views.certificate_lookup, name="certificate_lookup"),
    path("c/<str:code>/", views.certificate_check, name="certificate_check"),
]
