"""When a file's proof is renewed: long before it ends, so that what fails may be mended."""

from datetime import timedelta
from typing import Final

# A timestamp authority's certificate lives some years; half a year leaves room for an authority
# that changes its key, and for a list that cannot be had for weeks.
RENEWED_BEFORE_END: Final = timedelta(days=180)
