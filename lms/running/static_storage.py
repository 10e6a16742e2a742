"""How static files are kept: each under a name that changes with its content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage as Compressed

# What Django offers, as a switch.
_glob, IMPORTS = Compressed._js_module_import_aggregation_patterns
OUR_MODULES = "js/*.js"


class StaticStorage(Compressed):
    """WhiteNoise's, which also rewrites what our JavaScript modules import from each other: files
    under their plain names are not kept. Django's own switch would also read the modules of
    packages, which name files in their comments that are not there."""

    patterns = (*Compressed.patterns, (OUR_MODULES, IMPORTS))

    def stored_name(self, name: str) -> str:
        """Return the name that changes with the content; where there is none, the plain one: a
        style sheet that is missing must not break the page that says that something broke."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
