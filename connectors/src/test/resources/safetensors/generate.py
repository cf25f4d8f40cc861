"""Writes the golden file of this folder with the reference implementation:
pip install safetensors==0.8.0 numpy && python generate.py
"""
import math

import numpy as np
from safetensors.numpy import save_file

save_file(
    {
        "a": np.arange(6, dtype=np.float32).reshape(2, 3),
        "b": np.array(math.pi, dtype=np.float64),
        "c": np.array([-(2**63)], dtype=np.int64),
        "d": np.array([-1.5], dtype=np.float16),
        "e": np.array([True, False, True]),
    },
    "types.safetensors",
    metadata={"format": "np"},
)
