"""How a certificate's PDF is handed to a browser."""

import re

from django.http import FileResponse

from certifications.models import Certificate

LONGEST_NAME = 120
# What file systems refuse, and signs without a width that can make a name look like another.
NOT_IN_A_NAME = re.compile(
    r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+'
)


def file_name(certificate: Certificate) -> str:
    """Return what the file is called for people: 'VAV-2026-004217 Hulpverlener EHBO.pdf'."""
    title = NOT_IN_A_NAME.sub(" ", certificate.title)
    name = " ".join(f"{certificate.number} {title}".split())
    return f"{name[:LONGEST_NAME].strip(' .')}.pdf"


def response(certificate: Certificate) -> FileResponse:
    """Serve the PDF as a file to keep, which no browser takes for something else."""
    answer = FileResponse(
        certificate.file.open("rb"),
        as_attachment=True,
        filename=file_name(certificate),
        content_type="application/pdf",
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
