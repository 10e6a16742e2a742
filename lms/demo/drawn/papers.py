"""Pictures of what people hand in on paper."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def photographed(name: str, *lines: str) -> SimpleUploadedFile:
    """Draw what a photo of a paper with these lines might look like."""
    paper = Image.new("RGB", (900, 600), "#fffdf8")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((24, 24, 876, 576), outline="#1c2430", width=4)
    for number, text in enumerate(lines):
        pen.text((80, 120 + 110 * number), text, fill="#1c2430", font_size=44)
    out = io.BytesIO()
    paper.save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")
