"""How long it takes to resolve every port of pipelines of 5, 50, 500 and 5,000 steps, and how many pairs are weighed.

The pipelines are blocks of five steps (load, prepare, train, evaluate, package), each block behind the one before it,
so that nearly every step comes before every later one.
"""

from __future__ import annotations

import sys
import time

from smgen.contracts import read_contracts
from smgen.shipped import shipped_folder
from smgen.wiring import Resolution, Step, UnifiedDependencyResolver

SIZES = (5, 50, 500, 5000)
BLOCK = (
    ("load", "DataLoad"),
    ("prepare", "TabularPreprocessing"),
    ("train", "XGBoostTraining"),
    ("evaluate", "ModelEvaluation"),
    ("package", "ModelPackaging"),
)
EDGES = (("load", "prepare"), ("prepare", "train"), ("train", "evaluate"), ("prepare", "evaluate"), ("train", "package"))
