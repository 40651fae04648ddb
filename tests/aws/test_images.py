"""Images of AWS by name: exact answers, what is wrong with a request, and the shipped table."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from smgen.aws import (
    ACCELERATORS,
    STEP_KINDS,
    ImageProblem,
    ImageRequest,
    image_frameworks,
    image_name,
    image_problem,
    image_scope_of_kind,
    image_scopes,
    image_uri,
    image_versions,
)
from smgen.aws.image_table import IMAGE_TABLE_FILE, image_table, registry_host

XGBOOST = ImageRequest("xgboost", "1.7-1", "us-east-1", "ml.m5.xlarge", scope="training")
PYTORCH = ImageRequest("pytorch", "2.1.0", "eu-west-1", "ml.m5.xlarge", scope="training")
HUGGINGFACE = ImageRequest(
    "huggingface", "4.36.0", "us-east-1", "ml.g5.xlarge", scope="training", base_framework_version="pytorch2.1.0"
)


@pytest.mark.parametrize(
    ("request_", "uri"),
    [
        (XGBOOST, "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"),
        (
            replace(XGBOOST, region="cn-north-1"),
            "450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-xgboost:1.7-1",
        ),
        (PYTORCH, "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1.0-cpu-py310"),
        (
            replace(PYTORCH, version="2.1"),
            "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1-cpu-py310",
        ),
        (
            replace(PYTORCH, instance_type="ml.p3.2xlarge", scope="inference"),
            "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.1.0-gpu-py310",
        ),
        (
            replace(PYTORCH, instance_type=None, accelerator="gpu"),
            "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-training:2.1.0-gpu-py310",
        ),
        (
            replace(PYTORCH, instance_type="ml.c7g.xlarge", scope="inference"),
            "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference-graviton:2.1.0-cpu-py310-ubuntu20.04-sagemaker",
        ),
        (
            ImageRequest("sklearn", "1.2-1", "us-west-2", scope="training"),
            "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
        ),
        (
            HUGGINGFACE,
            "763104351884.dkr.ecr.us-east-1.amazonaws.com/"
            "huggingface-pytorch-training:2.1.0-transformers4.36.0-gpu-py310-cu121-ubuntu20.04",
        ),
        (
            ImageRequest("clarify", "1.0", "us-east-1"),
            "205585389593.dkr.ecr.us-east-1.amazonaws.com/sagemaker-clarify-processing:1.0",
        ),
        (
            ImageRequest("model-monitor", region="us-east-1"),
            "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer",
        ),
        (
            ImageRequest("spark", "3.3", "us-east-1", "ml.m5.xlarge", py_version="py39", container_version="v1"),
            "173754725891.dkr.ecr.us-east-1.amazonaws.com/sagemaker-spark-processing:3.3-cpu-py39-v1",
        ),
        (
            ImageRequest("sagemaker-base-python", "1.0", "us-west-2", py_version="py38"),
            "236514542706.dkr.ecr.us-west-2.amazonaws.com/sagemaker-base-python-38:1.0",
        ),
        (
            ImageRequest("huggingface-vllm-neuronx", "0.4.4", "us-east-1", accelerator="neuronx"),
            "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-vllm-inference-neuronx:"
            "0.11.0-optimum0.4.4-neuronx-py310-sdk2.26.1-ubuntu22.04",
        ),
    ],
)
def test_the_uri_of_an_image(request_: ImageRequest, uri: str) -> None:
    assert image_uri(request_) == uri
    assert image_name(request_) == uri.partition("/")[2]


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (replace(XGBOOST, framework=""), ("framework", None, None)),
        (replace(XGBOOST, framework="xgbost"), ("framework", "xgbost", "xgboost")),
        (replace(XGBOOST, version=""), ("version", None, None)),
        (replace(XGBOOST, version="1.7"), ("version", "1.7", "1.7-1")),
        (ImageRequest("clarify", region="us-east-1"), ("version", None, None)),
        (ImageRequest("clarify", "1.1", "us-east-1"), ("version", "1.1", "1.0")),
        (replace(PYTORCH, version="2.11"), ("version", "2.11", "2.10")),
        (replace(PYTORCH, version="2.99"), ("version", "2.99", "2.10")),
        (replace(XGBOOST, region=None), ("region", None, None)),
        (replace(XGBOOST, region="us-est-1"), ("region", "us-est-1", "us-east-1")),
        (replace(PYTORCH, instance_type=None), ("machine", None, None)),
        (replace(PYTORCH, instance_type="m5.xlarge"), ("machine", "m5.xlarge", None)),
        (replace(PYTORCH, accelerator="gpus"), ("machine", "gpus", "gpu")),
        (replace(HUGGINGFACE, instance_type="ml.trn1.2xlarge"), ("machine", "ml.trn1.2xlarge", None)),
        (replace(HUGGINGFACE, instance_type="ml.m6g.xlarge"), ("machine", "ml.m6g.xlarge", None)),
        (replace(PYTORCH, instance_type="ml.p2.xlarge"), ("machine", "ml.p2.xlarge", None)),
        (replace(PYTORCH, scope=None), ("scope", None, None)),
        (replace(PYTORCH, scope="trainning"), ("scope", "trainning", "training")),
        (replace(PYTORCH, py_version="py31"), ("py_version", "py31", "py310")),
        (replace(HUGGINGFACE, base_framework_version=None), ("base_framework_version", None, None)),
        (
            replace(HUGGINGFACE, base_framework_version="pytorch2.1.1"),
            ("base_framework_version", "pytorch2.1.1", "pytorch2.1.0"),
        ),
        (replace(XGBOOST, container_version="v1"), ("container_version", "v1", None)),
        (replace(HUGGINGFACE, container_version="cu110"), ("container_version", "cu110", None)),
        (replace(PYTORCH, inference_tool="neuronx"), ("inference_tool", "neuronx", "neuron")),
        (
            ImageRequest("huggingface-vllm-neuronx", "0.4.4", "us-east-1", sdk_version="sdk2.26.2"),
            ("sdk_version", "sdk2.26.2", "sdk2.26.1"),
        ),
        (
            ImageRequest("huggingface-neuronx", "4.28.1", scope="training"),
            ("framework", "huggingface-neuronx", "huggingface"),
        ),
        (ImageRequest("sagemaker-base-python", "1.0", py_version="py37"), ("py_version", "37", None)),
    ],
)
def test_what_is_wrong_with_a_request(request_: ImageRequest, problem: tuple[str, str | None, str | None]) -> None:
    found = image_uri(request_)
    assert isinstance(found, ImageProblem)
    assert (found.at, found.given, found.nearest) == problem
    assert found.message


def test_a_problem_knows_what_would_be_right() -> None:
    assert image_uri(replace(PYTORCH, instance_type=None)) == ImageProblem(
        "machine", "an instance type or an accelerator is required", None, ("cpu", "gpu")
    )
    found = image_uri(replace(PYTORCH, py_version="py27"))
    assert isinstance(found, ImageProblem)
    assert found.known == "py310"
    many = ImageProblem("version", "", None, tuple(str(number) for number in range(20)))
    assert many.known == "8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 and 8 more"
    assert ImageProblem("version", "").known is None


def test_what_is_wrong_wherever_it_is_asked() -> None:
    assert image_problem(ImageRequest("pytorch", "2.1", scope="training")) is None
    assert image_problem(ImageRequest("xgboost", "1.7-1", scope="inference")) is None
    # Only one of the two processors has images of this version.
    assert image_problem(ImageRequest("autogluon", "0.3.1", scope="inference", py_version="py37")) is None
    wrong = image_problem(ImageRequest("pytorch", "2.1", scope="training", py_version="py27"))
    assert wrong is not None
    assert wrong.at == "py_version"
    early = image_problem(ImageRequest("pytorch", "2.1"))
    assert early is not None
    assert early.at == "scope"


def test_the_scope_of_a_kind() -> None:
    assert image_scope_of_kind("xgboost", "Training") == "training"
    assert image_scope_of_kind("xgboost", "Tuning") == "training"
    assert image_scope_of_kind("sklearn", "Processing") == "training"
    assert image_scope_of_kind("spark", "Processing") == "processing"
    assert image_scope_of_kind("pytorch", "RegisterModel") == "inference"
    assert image_scope_of_kind("pytorch", "Model") == "inference"
    assert image_scope_of_kind("model-monitor", "QualityCheck") == "monitoring"
    assert image_scope_of_kind("clarify", "ClarifyCheck") == "processing"
    assert image_scope_of_kind("spark", "Training") is None
    assert image_scope_of_kind("pytorch", "Lambda") is None
    assert image_scope_of_kind("nothing", "Training") is None


def test_what_the_table_lists() -> None:
    assert image_scopes("xgboost") == ("inference", "training", "inference_graviton")
    assert image_scopes("nothing") == ()
    assert image_versions("clarify") == ("1.0",)
    assert image_versions("nothing") == ()
    assert "instance_gpu_info" not in image_frameworks()
    assert list(image_frameworks()) == sorted(image_frameworks())


def test_every_processor_of_the_table_can_be_asked_for() -> None:
    rows = [scope for row in image_table()["frameworks"].values() for scope in row["images"].values()]
    processors = {name for row in rows for name in row.get("processors", ())}
    processors |= {
        name for row in rows for version in row["versions"].values() for name in version.get("processors", ())
    }
    assert processors <= set(ACCELERATORS)
    assert set(ACCELERATORS) - processors == {"graviton"}


def test_the_hosts_are_those_of_botocore() -> None:
    from botocore.loaders import create_loader
    from botocore.regions import EndpointResolver

    resolver = EndpointResolver(create_loader().load_data("endpoints"))
    regions = sorted({region for row in image_table()["registries"] for region in row})
    assert len(regions) == 46
    for region in regions:
        endpoint = resolver.construct_endpoint("ecr", region)
        assert endpoint is not None
        assert registry_host("1", region) == f"1.dkr.{endpoint['hostname']}"


def test_the_kinds_with_scopes_are_kinds() -> None:
    kinds = [
        kind for kind in STEP_KINDS if image_scope_of_kind("pytorch", kind) or image_scope_of_kind("clarify", kind)
    ]
    assert kinds == [
        kind
        for kind in STEP_KINDS
        if kind
        in (
            "Training",
            "Processing",
            "Tuning",
            "Model",
            "RegisterModel",
            "QualityCheck",
            "ClarifyCheck",
            "InferenceComponent",
        )
    ]


def test_the_table_is_small() -> None:
    assert IMAGE_TABLE_FILE.stat().st_size < 160_000


def test_nothing_is_read_before_an_image_is_asked_for() -> None:
    import subprocess

    code = "import smgen.aws, smgen.aws.image_table as t; print(t.image_table.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "0\n"


TEXTS = (
    st.none()
    | st.sampled_from(["", "2.1", "pytorch2.1.0", "py310", "neuron", "training", "gpu", "ml.trn1.2xlarge"])
    | st.text(max_size=8)
)


@given(st.sampled_from([*image_frameworks(), "x"]), st.data(), st.booleans(), st.booleans())
def test_no_request_ends_in_a_traceback(framework: str, data: st.DataObject, compiler: bool, parallel: bool) -> None:
    version = data.draw(st.sampled_from(["", *image_versions(framework)]) | st.text(max_size=5))
    names = ("region", "instance_type", "accelerator", "scope", "py_version", "base_framework_version")
    more = ("container_version", "sdk_version", "inference_tool")
    given_ = {name: data.draw(TEXTS) for name in (*names, *more)}
    request_ = ImageRequest(framework, version, **given_, training_compiler=compiler, smdistributed=parallel)
    for found in (image_uri(request_), image_name(request_), image_problem(request_)):
        assert found is None or isinstance(found, (str, ImageProblem))
