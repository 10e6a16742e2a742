"""How static files are kept: each under a name that changes with its content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage as Compressed

_glob, IMPORTS = (
    Compressed._js_module_import_aggregation_patterns
)  # what Django offers, as a switch
OUR_MODULES = "js/*.js"


class StaticStorage(Compressed):
    """WhiteNoise's, which also rewrites what our JavaScript modules import from each other: files
    under their plain names are not kept. Django's own switch would also read the modules of
    packages, which name files in their comments that are not there."""

    patterns = (*Compressed.patterns, (OUR_MODULES, IMPORTS))
