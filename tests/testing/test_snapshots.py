"""Snapshots: what has changed, how they are renewed, what is masked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from smgen.diagnostics import FindingsError
from smgen.runtime import Environment, FluentPipelineBuilder
from smgen.testing import TestedPipeline, assert_snapshot, compile_pipeline
from tests.testing.pipelines import ENVIRONMENT, abalone, built, fraud, lines, said

UPDATE = "SMGEN_UPDATE_SNAPSHOTS"


def update(monkeypatch: pytest.MonkeyPatch, pipeline: TestedPipeline, file: Path, *, mask: bool = False) -> None:
    monkeypatch.setenv(UPDATE, "1")
    assert_snapshot(pipeline, file, mask=mask)
    monkeypatch.delenv(UPDATE)


def test_a_snapshot_is_the_definition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "snapshots" / "fraud.json"
    pipeline = built()
    assert said(lambda: assert_snapshot(pipeline, file)) == lines(
        f"""
        there is no snapshot {file.as_posix()} of pipeline fraud for dev
          to write it, run the test with SMGEN_UPDATE_SNAPSHOTS=1, and commit it
        """
    )
    update(monkeypatch, pipeline, file)
    assert json.loads(file.read_bytes()) == pipeline.definition.document
    assert [path.name for path in file.parent.iterdir()] == ["fraud.json"]
    assert_snapshot(pipeline, str(file))
    # 0 is no wish to renew anything.
    monkeypatch.setenv(UPDATE, "0")
    file.unlink()
    said(lambda: assert_snapshot(pipeline, file))


def test_what_changed_is_said_as_plan_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "fraud.json"
    update(monkeypatch, built(), file)

    def changed(p: FluentPipelineBuilder, env: Environment) -> None:
        fraud(p, env, attempts=4)
        p.boolean("Quick", default=True)
        p.fail("Always", "never")

    pipeline = compile_pipeline(changed, name="fraud", env=replace(ENVIRONMENT, parameters={"Limit": 0.25}))
    before = file.read_bytes()
    assert said(lambda: assert_snapshot(pipeline, file)) == lines(
        f"""
        pipeline fraud for dev is no longer what the snapshot {file.as_posix()} says
          ~ parameter Limit
              ~ DefaultValue: 0.5 -> 0.25
          + parameter Quick (Boolean, default true)
          ~ step Train
              ~ RetryPolicies[0].MaxAttempts: 3 -> 4
          + step Always (Fail)
          to renew it, run the test with SMGEN_UPDATE_SNAPSHOTS=1, read what changes, and commit it
        """
    )
    assert file.read_bytes() == before
    update(monkeypatch, pipeline, file)
    assert_snapshot(pipeline, file)


def test_a_mask_hides_the_account_and_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "abalone.json"
    update(monkeypatch, abalone(), file, mask=True)
    text = file.read_text()
    for hidden in ("444455556666", "us-east-1", "subnet-", "sg-0", "abalone-prod", "683313688378"):
        assert hidden not in text
    document = json.loads(text)
    train = document["Steps"][1]["Arguments"]
    assert train["RoleArn"] == "<role>"
    assert train["AlgorithmSpecification"]["TrainingImage"] == "<images.xgboost>"
    assert train["VpcConfig"] == {
        "SecurityGroupIds": ["<security_group_ids.0>"],
        "Subnets": ["<subnets.0>", "<subnets.1>"],
    }
    process = document["Steps"][0]["Arguments"]
    code = next(item for item in process["ProcessingInputs"] if item["InputName"] == "code")
    assert code["S3Input"]["S3Uri"] == "s3://<bucket>/AbalonePipeline/code/<code>/preprocessing.py"
    assert_snapshot(abalone(), file, mask=True)
    said(lambda: assert_snapshot(abalone(), file))


def test_a_mask_hides_no_part_of_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def named(p: FluentPipelineBuilder, env: Environment) -> None:
        p.fail("Stop", f"train of training-train in {env.uri('train')}, retrain")

    file = tmp_path / "named.json"
    update(monkeypatch, compile_pipeline(named, Environment(bucket="train")), file, mask=True)
    message = json.loads(file.read_text())["Steps"][0]["Arguments"]["ErrorMessage"]
    assert message == "<bucket> of training-train in s3://<bucket>/<bucket>, retrain"


def test_a_file_that_is_no_definition(tmp_path: Path) -> None:
    file = tmp_path / "fraud.json"
    for text, rule in (("<<<<<<< ours\n", "SMG100"), ("{}", "SMG300")):
        file.write_text(text)
        with pytest.raises(FindingsError) as caught:
            assert_snapshot(built(), file)
        assert {finding.rule for finding in caught.value.findings} == {rule}
