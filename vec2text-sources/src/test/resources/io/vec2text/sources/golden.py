"""Makes the golden npy files beside it: python golden.py (NumPy 2)."""

import numpy as np
from numpy.lib import format as npy

values = (np.arange(12).reshape(3, 4) - 5) / 8
for kind in ("f2", "f4", "f8"):
    np.save(f"{kind}.npy", values.astype("<" + kind))
for kind in ("i1", "i2", "i4", "i8"):
    np.save(f"{kind}.npy", (np.arange(12).reshape(3, 4) * 20 - 100).astype(kind))
for kind in ("u1", "u2", "u4", "u8"):
    np.save(f"{kind}.npy", (np.arange(12).reshape(3, 4) * 20).astype(kind))
np.save("vector.npy", values[0].astype("<f4"))
np.save("fortran.npy", np.asfortranarray(values.astype("<f4")))
np.save("big-endian.npy", values.astype(">f4"))
np.save("records.npy", np.zeros(3, dtype=[("a", "<f4"), ("b", "<f4")]))
np.save("bool.npy", values > 0)
for version in ((2, 0), (3, 0)):
    with open(f"v{version[0]}.npy", "wb") as f:
        npy.write_array(f, values.astype("<f4"), version=version)
