"""A script starts: it is Python, and what it imports is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from smgen.documents import JsonObject
from tests.source.script_contracts import PYTORCH, found_in, processing, told, training

WHOLE: JsonObject = {"dir": "job", "entry": "run.py", "pack": "folder"}
WITH_REQUIREMENTS: JsonObject = {**WHOLE, "requirements": "requirements.txt"}
HELPER = "def build():\n    return 1\n"

#: What a contract and its files are, and all that is found: right styles first, then each with one wrong edit.
RIGHT: dict[str, tuple[JsonObject, Mapping[str, str | bytes]]] = {
    "one script": (processing(), {"run.py": "import json, os\nimport pandas as pd\nfrom sklearn import svm\n"}),
    "a module beside": (processing(source=WHOLE), {"run.py": "from features import build\n", "features.py": HELPER}),
    "a package": (
        processing(source=WHOLE),
        {
            "run.py": "import lib.a\nfrom lib import b",
            "lib/__init__.py": "",
            "lib/a.py": "from . import b\n",
            "lib/b.py": "",
        },
    ),
    "a namespace package": (processing(source=WHOLE), {"run.py": "from lib.deep import a\n", "lib/deep/a.py": ""}),
    "tried": (
        processing(),
        {"run.py": "try:\n    import features\nexcept ImportError:\n    features = None\n", "features.py": ""},
    ),
    "for types only": (
        processing(),
        {"run.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import features\n", "features.py": ""},
    ),
    "in a function that nobody calls": (
        processing(),
        {"run.py": "def local():\n    import features\n", "features.py": ""},
    ),
    "a search path of its own": (
        processing(),
        {"run.py": "import sys\nsys.path.append('/opt/ml/code')\nimport features\n", "features.py": ""},
    ),
    "an input beside the code": (
        processing(
            inputs={
                "raw": {"type": "Data", "local_path": "/opt/ml/processing/input"},
                "lib": {"type": "Data", "local_path": "/opt/ml/processing/input/code/lib"},
            }
        ),
        {"run.py": "import features\n", "features.py": ""},
    ),
    "a folder of data with the name of a package": (
        processing(image=PYTORCH),
        {"run.py": "import torch\n", "torch/data.csv": ""},
    ),
    "a folder that is called like a package": (
        processing(image=None),
        {"run.py": "import datasets\n", "datasets/make.py": ""},
    ),
    "unknown image": (processing(image=None), {"run.py": "import lightgbm, whatever\n"}),
    "requirements": (
        processing(source=WITH_REQUIREMENTS),
        {"run.py": "import lightgbm, what_it_brings\n", "requirements.txt": "lightgbm==4.1\n"},
    ),
    "requirements of the toolkit": (
        training(),
        {"run.py": "import wandb\n", "requirements.txt": "# tracking\nwandb\n"},
    ),
    "installed by the script": (
        processing(),
        {"run.py": "import os\nos.system('pip install shap')\nimport shap\n"},
    ),
    "a vendored module deeper": (
        processing(source=WHOLE),
        {"run.py": "import vendored\n", "third_party/vendored/__init__.py": ""},
    ),
    "a built module": (
        processing(source=WHOLE),
        {"run.py": "import fast\n", "fast.cpython-39-x86_64-linux-gnu.so": b"\x7fELF"},
    ),
    "the encoding is named": (
        processing(),
        {"run.py": "# -*- coding: latin-1 -*-\nNAME = 'caf\xe9'\n".encode("latin-1")},
    ),
    "a byte order mark": (processing(), {"run.py": b"\xef\xbb\xbfimport os\n"}),
    "a package as entry of the toolkit": (
        training(),
        {"run.py": "from . import model\n", "model.py": "", "setup.py": ""},
    ),
    "newer than the oldest": (processing(image=PYTORCH), {"run.py": "match 1:\n    case 1: pass\n"}),
    "a shell script": (processing(source={"dir": "job", "entry": "run.sh"}), {"run.sh": "echo (\n"}),
    "served": (
        training(source={"dir": "job", "entry": "nested/run.py", "launch": "toolkit"}),
        {"nested/run.py": "import helper\nimport shared\n", "nested/helper.py": "", "shared.py": ""},
    ),
    "what Python had": (processing(), {"run.py": "import imp, distutils.util, cgi\n"}),
}

STAYS = "expected: features.py beside the script"
WRONG: dict[str, tuple[JsonObject, Mapping[str, str | bytes], list[str]]] = {
    "syntax": (
        processing(),
        {"run.py": "import os\ndef (\n"},
        [
            "job/run.py:2:5 SMG270 the script is no Python | given: invalid syntax "
            "| expected: Python 3.9, which its image has | fix: correct the syntax"
        ],
    ),
    "syntax for an unknown image": (
        processing(image=None),
        {"run.py": "def (\n"},
        ["job/run.py:1:5 SMG270 the script is no Python | given: invalid syntax | fix: correct the syntax"],
    ),
    "Python 2": (
        training(image={"framework": "pytorch", "version": "1.3.1", "py_version": "py2"}),
        {"run.py": "print 'x'\n"},
        [
            "job/run.py SMG271 the script is not held against its contract: its image has Python 2 "
            "| given: Python 2.7 | expected: Python 3"
        ],
    ),
    "syntax of a helper": (
        processing(source=WHOLE),
        {"run.py": "import features\n", "features.py": "x = = 1\n"},
        [
            "job/features.py:1:5 SMG270 the script is no Python | given: invalid syntax "
            "| expected: Python 3.9, which its image has | fix: correct the syntax"
        ],
    ),
    "newer than its image": (
        processing(),
        {"run.py": "match 1:\n    case 1: pass\n"},
        [
            "job/run.py:2:17 SMG270 the script is no Python | given: Pattern matching is only supported in Python 3.10 "
            "and greater | expected: Python 3.9, which its image has | fix: correct the syntax"
        ],
    ),
    "bytes that are no text": (
        processing(),
        {"run.py": b"NAME = 'caf\xe9'\n"},
        [
            "job/run.py SMG270 the script is no Python | given: invalid or missing encoding declaration "
            "| expected: Python 3.9, which its image has | fix: correct the syntax"
        ],
    ),
    "an encoding that there is not": (
        processing(),
        {"run.py": "# coding: klingon\n"},
        [
            "job/run.py SMG270 the script is no Python | given: unknown encoding: klingon "
            "| expected: Python 3.9, which its image has | fix: correct the syntax"
        ],
    ),
    "a helper stays behind": (
        processing(),
        {"run.py": "from features import build\n", "features.py": HELPER},
        [
            "job/run.py:1:1 SMG272 the script imports 'features', which is not packed "
            f"| given: job/features.py stays behind | {STAYS} "
            '| fix: write "pack": "folder" in \'source\', which packs all of job'
        ],
    ),
    "in a function that is called": (
        processing(),
        {
            "run.py": "def main():\n    import features\n\nif __name__ == '__main__':\n    main()\n",
            "features.py": HELPER,
        },
        [
            "job/run.py:2:5 SMG272 the script imports 'features', which is not packed "
            f"| given: job/features.py stays behind | {STAYS} "
            '| fix: write "pack": "folder" in \'source\', which packs all of job'
        ],
    ),
    "a package stays behind": (
        processing(),
        {"run.py": "import lib.a as a\n", "lib/__init__.py": "", "lib/a.py": ""},
        [
            "job/run.py:1:1 SMG272 the script imports 'lib.a', which is not packed | given: job/lib stays behind "
            '| expected: lib/ beside the script | fix: write "pack": "folder" in \'source\', which packs all of job'
        ],
    ),
    "ignored": (
        processing(source=WHOLE),
        {"run.py": "import features\n", "features.py": HELPER, ".smgenignore": "feat*\n"},
        [
            "job/run.py:1:1 SMG272 the script imports 'features', which is not packed "
            f"| given: job/features.py stays behind | {STAYS} "
            "| fix: keep it: .smgenignore leaves it out, and a line !features.py brings it back"
        ],
    ),
    "a relative import of the entry": (
        processing(source=WHOLE),
        {"run.py": "from .features import build\n", "features.py": HELPER},
        [
            "job/run.py:1:1 SMG272 the script is started by itself, so it is in no package that '.features' could "
            "begin at | given: from .features import … | fix: write from features import build"
        ],
    ),
    "a relative import that leads nowhere": (
        processing(source=WHOLE),
        {"run.py": "import lib.a\n", "lib/__init__.py": "", "lib/a.py": "from .common import x\n", "lib/comon.py": ""},
        [
            "job/lib/a.py:1:1 SMG272 the script imports '.common', which is not packed "
            "| given: no lib/common.py in the source | expected: lib/common.py beside the script | nearest: comon "
            "| fix: write the module, or correct the name"
        ],
    ),
    "a package that the image lacks": (
        processing(),
        {"run.py": "import lightgbm as lgb\n"},
        [
            "job/run.py:1:1 SMG273 the sklearn images of AWS are not known to have 'lightgbm' | given: lightgbm "
            "| expected: a module of Python, of the image, of the source or of its requirements "
            "| fix: name the package in a requirements file, and that in 'requirements' of the contract's source"
        ],
    ),
    "a slip": (
        training(),
        {"run.py": "import torchvison\n"},
        [
            "job/run.py:1:1 SMG273 the pytorch images of AWS are not known to have 'torchvison' | given: torchvison "
            "| expected: a module of Python, of the image, of the source or of its requirements | nearest: torchvision "
            "| fix: name the package in a requirements file, and that in 'requirements' of the contract's source"
        ],
    ),
}


def test_a_processing_job_has_no_toolkit(tmp_path: Path) -> None:
    script = {"run.py": "import os\nprint(os.environ['SM_CHANNEL_TRAIN'])\n"}
    assert found_in(tmp_path, processing(image=None), script) == ()
    assert told(found_in(tmp_path, processing(), script), tmp_path) == [
        "job/run.py:2:7 SMG276 the script stops without SM_CHANNEL_TRAIN, and its contract gives no such environment "
        "variable | given: SM_CHANNEL_TRAIN | expected: no environment variable "
        "| fix: have the contract give SM_CHANNEL_TRAIN"
    ]


def test_a_slip_in_a_variable_of_the_contract(tmp_path: Path) -> None:
    variables: JsonObject = {"type": "object", "properties": {"LABEL_COLUMN": {"type": "string", "default": "y"}}}
    contract = processing(environment=variables)
    request = contract["request"]
    assert isinstance(request, dict)
    request["Environment"] = {"$environment": True}
    script = "import os\nlabel, home = os.environ['LABEL_COLUM'], os.environ['HOME']\n"
    assert told(found_in(tmp_path, contract, {"run.py": script}), tmp_path) == [
        "job/run.py:2:15 SMG276 the script stops without LABEL_COLUM, and its contract gives no such environment "
        "variable | given: LABEL_COLUM | expected: LABEL_COLUMN | nearest: LABEL_COLUMN "
        "| fix: read LABEL_COLUMN, or have the contract give LABEL_COLUM"
    ]


@pytest.mark.parametrize("style", RIGHT)
def test_a_script_that_starts(tmp_path: Path, style: str) -> None:
    contract, files = RIGHT[style]
    assert told(found_in(tmp_path, contract, files), tmp_path) == []


@pytest.mark.parametrize("mistake", WRONG)
def test_a_script_that_does_not_start(tmp_path: Path, mistake: str) -> None:
    contract, files, expected = WRONG[mistake]
    assert told(found_in(tmp_path, contract, files), tmp_path) == expected
