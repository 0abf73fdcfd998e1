# mypy: disable-error-code="import-not-found, import-untyped, no-untyped-def, no-untyped-call, untyped-decorator"
"""How the loops are compiled: kept on disk, without Python's lock, and with numpy's arithmetic."""

import numba

compiled = numba.njit(cache=True, nogil=True, error_model="numpy")
