"""Put a certificate in every script before an independent checker of PDF/UA and its letters.

    python benchmarks/conformance.py [FOLDER, where the PDFs stay to be looked at]

The checker, outloud (Apache-2.0), is fetched for this alone: it stands on a library whose licence
this product does not ask of anybody. It tests what the Matterhorn Protocol calls machine-checkable
of PDF/UA-1, and what of WCAG 2.2 can be seen in a file; PDF/A's own rules about colours, metadata
and fonts are in certifications/tests/certificates/test_pdf.py.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
os.environ.setdefault("SECRET_KEY", "only for this benchmark")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="mijlpaal-conformance-"))

import django

django.setup()

from certifications.certificates import pdf  # noqa: E402
from certifications.tests.sheets import NAMES, a_sheet  # noqa: E402

CHECKER = "outloud==0.2.1"


def main() -> int:
    """Print a certificate for each name and language; return how the checker judged them."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    for script, name in NAMES.items():
        for language in ("nl", "en"):
            file = folder / f"{script.replace(' ', '-')}-{language}.pdf"
            file.write_bytes(pdf.press().print(a_sheet(learner_name=name, language=language)))
    files = sorted(str(file) for file in folder.glob("*.pdf"))
    command = [sys.executable, "-m", "uv", "tool", "run", "--from", CHECKER, "outloud", *files]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
