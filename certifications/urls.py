"""The map of certifications and certificates: a learner's own, the PDF, and the public check."""

from django.contrib import admin
from django.urls import path, re_path

from certifications.views import badges, certificates, certifications, moved, proofs

app_name = "certifications"

urlpatterns = [
    path(
        "my-learning/certifications/",
        certifications.my_certification_list,
        name="my_certification_list",
    ),
    path(
        "my-learning/certifications/<int:pk>/",
        certifications.my_certification_detail,
        name="my_certification_detail",
    ),
    path(
        "my-learning/certifications/<int:pk>/choose/",
        certifications.certification_choose,
        name="certification_choose",
    ),
    path(
        "my-learning/certifications/<int:pk>/accept/",
        certifications.certification_accept,
        name="certification_accept",
    ),
    path(
        "my-learning/certifications/<int:pk>/decline/",
        certifications.certification_decline,
        name="certification_decline",
    ),
    path(
        "my-learning/certifications/<int:pk>/start/",
        certifications.certification_start,
        name="certification_start",
    ),
    path(
        "my-learning/certifications/<int:pk>/proof/",
        proofs.proof_hand_in,
        name="proof_hand_in",
    ),
    path("proofs/", proofs.proof_list, name="proof_list"),
    path("proofs/<int:pk>/", proofs.proof_detail, name="proof_detail"),
    path("proofs/<int:pk>/accept/", proofs.proof_accept, name="proof_accept"),
    path("proofs/<int:pk>/refuse/", proofs.proof_refuse, name="proof_refuse"),
    path("proofs/files/<int:pk>/", proofs.proof_file, name="proof_file"),
    path("badges/<int:pk>.svg", badges.badge_show, name="badge_show"),
    path("my-learning/certificates/", certificates.my_certificate_list, name="my_certificate_list"),
    path(
        "my-learning/certificates/<str:code>/",
        certificates.my_certificate_detail,
        name="my_certificate_detail",
    ),
    path("certificates/<str:code>/row/", certificates.certificate_row, name="certificate_row"),
    path(
        "certificates/<str:code>/download/",
        certificates.certificate_download,
        name="certificate_download",
    ),
    path("c/", certificates.certificate_lookup, name="certificate_lookup"),
    path("c/<str:code>/", certificates.certificate_check, name="certificate_check"),
    re_path(
        rf"^admin/certifications/(?P<model>{'|'.join(moved.MOVED)})/",
        admin.site.admin_view(moved.page_moved),
        name="page_moved",
    ),
]
