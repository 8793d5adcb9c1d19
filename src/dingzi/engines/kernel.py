"""How kernels are compiled: machine code, without the interpreter's lock, kept on disk if it can.

numba keeps compiled code beside the module, else in the user's cache folder; where neither can be
written it is compiled anew in each process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function on its first call."""
    try:
        made = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba: "no locator available": no folder can be written
        made = numba.njit(nogil=True)(function)
    return made


#: put into its callers by LLVM: numba's own inlining counts references to arrays at each call
inlined: Any = numba.njit(nogil=True, forceinline=True)
