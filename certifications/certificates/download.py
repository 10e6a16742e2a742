"""How a certificate's PDF is handed to a browser."""

from django.http import FileResponse

from certifications.models import Certificate
from learners.files.keeping import safe_name


def file_name(certificate: Certificate) -> str:
    """Return what the file is called for people: 'VAV-2026-004217 Hulpverlener EHBO.pdf'."""
    return safe_name(f"{certificate.number} {certificate.title.replace('/', ' ')}.pdf")


def response(certificate: Certificate) -> FileResponse:
    """Serve the PDF as a file to keep, which no browser takes for something else."""
    answer = FileResponse(
        certificate.file.open("rb"),
        as_attachment=True,
        filename=file_name(certificate),
        content_type="application/pdf",
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
