"""What a script looks up, held against the channels, hyperparameters and variables that its contract gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from smgen.contract_model import StepContract
from smgen.diagnostics import Finding, is_slip, nearest_name
from smgen.source.script_environment import NameRead
from smgen.source.script_sending import Sent

_CHANNEL: Final = "SM_CHANNEL_"
_HYPERPARAMETER: Final = "SM_HP_"
_TOOLKIT: Final = "SM_"
#: What the training toolkit sets beside channels and hyperparameters (sagemaker-training, environment.py).
_TOOLKITS_OWN: Final = """
    ADDITIONAL_FRAMEWORK_PARAMETERS CHANNELS CURRENT_HOST CURRENT_INSTANCE_GROUP CURRENT_INSTANCE_GROUP_HOSTS
    CURRENT_INSTANCE_TYPE
    DISTRIBUTION_INSTANCE_GROUPS FRAMEWORK_MODULE FRAMEWORK_PARAMS HOSTS HPS INPUT_CONFIG_DIR
    INPUT_DATA_CONFIG INPUT_DIR INSTANCE_GROUPS INSTANCE_GROUPS_DICT IS_HETERO LOG_LEVEL
    MODEL_DIR MODULE_DIR MODULE_NAME NETWORK_INTERFACE_NAME NUM_CPUS NUM_GPUS
    NUM_NEURONS OUTPUT_DATA_DIR OUTPUT_DIR OUTPUT_INTERMEDIATE_DIR RESOURCE_CONFIG TRAINING_ENV
    USER_ARGS USER_ENTRY_POINT
"""
_OF_TOOLKIT: Final = frozenset(f"SM_{name}" for name in _TOOLKITS_OWN.split())
#: What a machine, an image, SageMaker or what starts several processes may set.
_OF_OTHERS: Final = re.compile(
    r"(HOME|HOST|HOSTNAME|LANG|LC_\w+|LOGNAME|PWD|SHELL|SHLVL|TERM|TMPDIR|TZ|USER|VIRTUAL_ENV|DEBIAN_FRONTEND|RANK"
    r"|(LOCAL|GROUP|NODE|GLOBAL)_RANK|(LOCAL_)?WORLD_SIZE|MASTER_(ADDR|PORT)|TRAINING_JOB_\w+|PROCESSING_JOB_\w+"
    r"|(AWS|SM|SMDATAPARALLEL|SMP|SAGEMAKER|CUDA|CUDNN|NVIDIA|NCCL|FI|OMP|OMPI|PMIX|PMI|MPI|KMP|MKL|OPENBLAS|TF|KERAS"
    r"|TORCH|PYTORCH|TORCHELASTIC|XLA|NEURON|HOROVOD|DMLC|RABIT|JAVA|SPARK|HADOOP|CONDA|HF|HUGGINGFACE|TRANSFORMERS"
    r"|DLC|EFA|LD|PYTHON|PIP|JUPYTER|GIT|SSL|REQUESTS|CURL|MODEL_SERVER|MMS|TS|TEMP|GPU|NUM_GPUS)_\w+"
    r"|\w*PATH|\w*PROXY|PYTHON\w*)$",
    re.IGNORECASE,
)


def environment_findings(
    contract: StepContract, sent: Sent, read: Iterable[NameRead], *, known_image: bool
) -> Iterator[Finding]:
    """SMG276 for names without which the script stops and which its contract never gives, SMG275 for those that it
    gives not always, or that nothing is known to give.

    ``known_image`` says that the image is one of AWS's, which sets no such names by itself.
    """
    for item in read:
        if not item.needed or sent.environment is None:
            continue
        if item.name in sent.environment and item.holder == "environment":
            yield from _missing(contract, item, "environment variable", sent.environment)
            continue
        what, given = _given(contract, sent, sent.environment, item, known_image=known_image)
        if given is not None:
            yield from _missing(contract, item, what, given)
        elif known_image and item.holder == "environment" and not _OF_OTHERS.match(item.name):
            yield _unknown(contract, item, sent.environment)


def _given(
    contract: StepContract, sent: Sent, environment: Mapping[str, bool], item: NameRead, *, known_image: bool
) -> tuple[str, Mapping[str, bool] | None]:
    """What a name is one of, and all that the contract gives of these; None where there may be others."""
    if item.holder == "hyperparameters":
        return "hyperparameter", sent.hyperparameters
    if item.name.startswith(_TOOLKIT) and sent.written_by == "toolkit":
        return _given_by_toolkit(sent, item.name, known_image=known_image)
    variable = "environment variable"
    if item.name.startswith((_CHANNEL, _HYPERPARAMETER)) or item.name in _OF_TOOLKIT:
        return variable, environment if _without_toolkit(contract) and known_image else None
    # The image may have others; only a slip is sure to be one.
    slip = not _OF_OTHERS.match(item.name) and nearest_name(item.name, sorted(environment)) is not None
    return variable, environment if slip else None


def _given_by_toolkit(sent: Sent, name: str, *, known_image: bool) -> tuple[str, Mapping[str, bool] | None]:
    """What a name that begins like the toolkit's is one of, and all that it may be; None where that is not known."""
    channels = _variables(_CHANNEL, sent.channels or {})
    if name.startswith(_CHANNEL):
        return "channel", None if sent.channels is None else channels
    if name.startswith(_HYPERPARAMETER):
        return "hyperparameter", _variables(_HYPERPARAMETER, sent.hyperparameters or {}) if sent.whole else None
    nearest = nearest_name(name, sorted((*_OF_TOOLKIT, *channels))) if known_image else None
    # Another toolkit may set others; only a slip is sure to be none of them.
    slip = nearest is not None and (is_slip(name, nearest) or sorted(name.split("_")) == sorted(nearest.split("_")))
    return "environment variable", {nearest: True} if slip and nearest is not None and nearest != name else None


def _without_toolkit(contract: StepContract) -> bool:
    """Whether nothing starts the script that would set what the training toolkit sets."""
    plain = contract.source is not None and contract.source.launch in ("processing", "channel")
    return plain and (contract.step_kind.is_processing_job or contract.step_kind.is_training_job)


def _variables(prefix: str, names: Mapping[str, bool]) -> dict[str, bool]:
    """The variables that the toolkit makes of names."""
    return {f"{prefix}{name.upper()}": always for name, always in names.items()}


def _unknown(contract: StepContract, item: NameRead, environment: Mapping[str, bool]) -> Finding:
    """SMG275 for a variable of which nothing is known that would set it."""
    return Finding(
        "SMG275",
        f"the script stops without {item.name}, which its contract does not set, and no image of AWS is known to",
        item.place,
        given=item.name,
        expected=", ".join(sorted(environment)) or "no environment variable",
        expected_at=contract.place("/environment" if contract.environment else ""),
        fix=f"set {item.name} in the contract's environment, or read it with a default",
    )


def _missing(contract: StepContract, item: NameRead, what: str, given: Mapping[str, bool]) -> Iterator[Finding]:
    name = item.name
    if name in given:
        if not given[name]:
            yield Finding(
                "SMG275",
                f"the script stops without {name}, and its contract gives the {what} only where a step does",
                item.place,
                given=name,
                expected_at=contract.place(),
                expected=f"a {what} that is required, or a script that does without",
            )
        return
    nearest = nearest_name(name, sorted(given))
    yield Finding(
        "SMG276",
        f"the script stops without {name}, and its contract gives no such {what}",
        item.place,
        given=name,
        expected=", ".join(sorted(given)) or f"no {what}",
        expected_at=contract.place(),
        nearest=nearest,
        fix=f"read {nearest}, or have the contract give {name}" if nearest else f"have the contract give {name}",
    )
