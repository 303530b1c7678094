"""How the files of the pages are named once they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names also inside our own scripts, so that a module finds the modules it imports."""

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "*/js/*.js",  # the folder of every room; a library's modules may import what is not there
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],  # noqa: SLF001
    )
