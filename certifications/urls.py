"""The map of certifications and certificates: a learner's own, the PDF, and the public check."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from certifications.views import badges, certificates, certifications, evidence, moved

app_name = "certifications"

my_certification_urls = [
    path("", certifications.my_certification_detail, name="my_certification_detail"),
    path("choose/", certifications.certification_choose, name="certification_choose"),
    path("accept/", certifications.certification_accept, name="certification_accept"),
    path("decline/", certifications.certification_decline, name="certification_decline"),
    path("start/", certifications.certification_start, name="certification_start"),
    path("proof/", evidence.evidence_hand_in, name="proof_hand_in"),
]

my_learning_urls: list[URLPattern | URLResolver] = [
    path("certifications/", certifications.my_certification_list, name="my_certification_list"),
    path("certifications/<int:pk>/", include(my_certification_urls)),
    path("certificates/", certificates.my_certificate_list, name="my_certificate_list"),
    path(
        "certificates/<str:code>/",
        certificates.my_certificate_detail,
        name="my_certificate_detail",
    ),
]

proof_urls = [
    path("", evidence.evidence_list, name="proof_list"),
    path("<int:pk>/", evidence.evidence_detail, name="proof_detail"),
    path("<int:pk>/accept/", evidence.evidence_accept, name="proof_accept"),
    path("<int:pk>/refuse/", evidence.evidence_refuse, name="proof_refuse"),
    path("files/<int:pk>/", evidence.evidence_file, name="proof_file"),
]

certificate_urls = [
    path("row/", certificates.certificate_row, name="certificate_row"),
    path("download/", certificates.certificate_download, name="certificate_download"),
]

# The public check is short: its address is printed on paper, to be typed.
check_urls = [
    path("", certificates.certificate_lookup, name="certificate_lookup"),
    path("<str:code>/", certificates.certificate_check, name="certificate_check"),
]

urlpatterns = [
    path("my-learning/", include(my_learning_urls)),
    path("proofs/", include(proof_urls)),
    path("badges/<int:pk>.svg", badges.badge_show, name="badge_show"),
    path("certificates/<str:code>/", include(certificate_urls)),
    path("c/", include(check_urls)),
    re_path(
        rf"^admin/certifications/(?P<model>{'|'.join(moved.MOVED)})/",
        admin.site.admin_view(moved.page_moved),
        name="page_moved",
    ),
]
