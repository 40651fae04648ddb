"""Random definitions that SageMaker takes: every kind of step, every form of expression, names of every legal kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from smgen.documents import JsonObject, JsonValue

_KINDS: Final = Path(__file__).parents[1] / "data" / "parity" / "kinds"
_ROLE: Final = "arn:aws:iam::111122223333:role/pipeline"
_IMAGES: Final = (
    "111122223333.dkr.ecr.eu-west-1.amazonaws.com/own:1",
    "683313688378.dkr.ecr.us-east-1.amazonaws.com/x:2",
)
_MACHINES: Final = ("ml.m5.xlarge", "ml.m5.4xlarge", "ml.c5.xlarge")
#: Names of steps, parameters and outputs: words of Python among them, and names that become one Python name.
_NAMES: Final = (
    "class", "None", "import", "str", "Train", "train", "TRAIN", "Train-1", "Train1", "a-b", "aB", "A-B", "9lives",
    "p", "env", "join", "External", "Model", "Endpoint", "all", "manifest", "lambda", "Config", "x", "match", "self",
    "Preprocess-Data", "PreprocessData", "type", "TrainingData", "EvaluateABC", "Steps", "Output",
)  # fmt: skip
_VARIABLES: Final = ("REGION", "class", "a_b", "str", "_x", "model_config", "lambda", "PATH", "instance_type", "image")
_HYPERPARAMETERS: Final = ("lr", "a-b", "a_b", "class", "0", "ü", "num.round", "image", "int", "max depth", "copy")
_TEXTS: Final = (
    "",
    "x",
    "7",
    "0.50",
    "1e-05",
    "s3://data/x",
    'a "quoted" text',
    "$x",
    "{}",
    "line\nend",
    "ünï",
    "true",
)


class Definitions:
    """One random definition in the making."""

    def __init__(self, random: Random) -> None:
        """``random`` decides everything."""
        self.random = random
        self.names: set[str] = set()
        #: Texts, and numbers, that later steps may read.
        self.texts: list[JsonObject] = []
        self.numbers: list[JsonObject] = []
        self.reports: list[JsonObject] = []
        self.before: list[str] = []
        self.in_body = False

    def definition(self) -> JsonObject:
        parameters: list[JsonValue] = [self.parameter() for _ in range(self.random.randrange(5))]
        steps: list[JsonValue] = [self.step(0) for _ in range(self.random.randrange(1, 6))]
        document: JsonObject = {"Version": "2020-12-01", "Metadata": {}, "Parameters": parameters, "Steps": steps}
        if self.some(0.5):
            own: JsonObject = {"ExperimentName": "own", "TrialName": {"Get": "Execution.PipelineExecutionId"}}
            document["PipelineExperimentConfig"] = own if self.some(0.5) else None
        if self.some(0.3):
            tracked: JsonObject = {
                "MlflowResourceArn": "arn:aws:sagemaker:eu-west-1:111122223333:mlflow-tracking-server/a"
            }
            document["MlflowConfig"] = tracked if self.some(0.5) else None
        return document

    def some(self, share: float) -> bool:
        return self.random.random() < share

    def name(self) -> str:
        while True:
            name = self.random.choice(_NAMES) + self.random.choice(("", "", "2", "-x"))
            if name not in self.names:
                self.names.add(name)
                return name

    def parameter(self) -> JsonObject:
        kind = self.random.choice(("String", "Integer", "Float", "Boolean", "String"))
        name = self.name()
        document: JsonObject = {"Name": name, "Type": kind}
        defaults: dict[str, Sequence[JsonValue]] = {
            "String": (*_TEXTS, _ROLE, "s3://bucket/key"),
            "Integer": (0, -1, 10**15),
            "Float": (0.5, 6, 6.0, -1e-9),
            "Boolean": (True, False),
        }
        if self.some(0.7):
            document["DefaultValue"] = self.random.choice(defaults[kind])
        if kind == "String" and self.some(0.2):
            document["EnumValues"] = ["a", "b"]
            document.pop("DefaultValue", None)
        get: JsonObject = {"Get": f"Parameters.{name}"}
        if kind == "String":
            self.texts.append(get)
        elif kind != "Boolean":
            self.numbers.append(get)
        return document

    # Values ---------------------------------------------------------------------------------------------------------

    def text(self, depth: int = 0) -> JsonValue:
        """A text, plain or known when the pipeline runs."""
        if depth < 2 and self.some(0.2):
            values = [self.part(depth) for _ in range(self.random.randrange(1, 4))]
            return {"Std:Join": {"On": self.random.choice(("/", "", "-")), "Values": values}}
        if self.texts and self.some(0.4):
            return self.random.choice(self.texts)
        if self.some(0.1):
            return {"Get": f"Execution.{self.random.choice(('PipelineName', 'StartDateTime', 'PipelineExecutionArn'))}"}
        return self.random.choice(_TEXTS)

    def part(self, depth: int) -> JsonValue:
        if self.some(0.2) and (self.numbers or self.reports):
            return self.random.choice([*self.numbers, *self.reports])
        return 5 if self.some(0.1) else self.text(depth + 1)

    def location(self) -> JsonValue:
        found = self.text()
        return (
            found
            if isinstance(found, dict)
            else f"s3://{self.random.choice(('data', 'other'))}/{self.random.choice('abc')}"
        )

    def bucket_place(self, name: str) -> JsonValue:
        if self.some(0.5):
            return f"s3://data/{name}"
        values: list[JsonValue] = ["s3:/", "data", "Imported", {"Get": "Execution.PipelineExecutionId"}, name, "output"]
        return {"Std:Join": {"On": "/", "Values": [*values, "out"]}}

    def anything(self, depth: int = 0) -> JsonValue:
        kind = self.random.randrange(7)
        if kind == 0 and depth < 2:
            return [self.anything(depth + 1) for _ in range(self.random.randrange(3))]
        if kind == 1 and depth < 2:
            return {self.random.choice(("a", "b", "c d", "e-f")): self.anything(depth + 1) for _ in range(2)}
        if kind == 2 and self.numbers:
            return self.random.choice(self.numbers)
        return self.random.choice((True, 3, 2.5, self.text(), self.text(), self.text()))

    # Steps ----------------------------------------------------------------------------------------------------------

    def step(self, depth: int) -> JsonObject:
        made: list[Callable[[str], JsonObject]] = [self.training, self.processing, self.function, self.queue]
        made += [self.model, self.transform, self.raw, self.recorded]
        if not self.in_body and depth < 3:
            made += [partial(self.condition, depth=depth), partial(self.condition, depth=depth), self.fail]
        if not self.in_body and depth == 0:
            made.append(self.loop)
        name = self.name()
        before = list(self.before)
        step = self.random.choice(made)(name)
        if before and self.some(0.2):
            on = self.random.choice(before)
            step["DependsOn"] = [on if self.some(0.5) else {"Step": on, "Trigger": "Failed"}]
        if self.some(0.2):
            step["DisplayName"] = "shown"
        if self.some(0.2):
            step["Description"] = "What it does."
        if step["Type"] != "Fail":
            self.before.append(name)
        return step

    def behaviour(self) -> JsonObject:
        found: JsonObject = {}
        if self.some(0.3):
            caches: list[JsonValue] = [
                {"Enabled": True, "ExpireAfter": "P30D"},
                {"Enabled": False},
                {"Enabled": True, "ExpireAfter": "30d"},
            ]
            found["CacheConfig"] = self.random.choice(caches)
        if self.some(0.3):
            retry: JsonObject = {"BackoffRate": 2.0, "IntervalSeconds": 1, "MaxAttempts": 3}
            found["RetryPolicies"] = [{**retry, "ExceptionType": ["Step.THROTTLING"]}]
        return found

    def machines(self) -> JsonObject:
        kind: JsonValue = self.random.choice(_MACHINES)
        return {"InstanceType": kind, "InstanceCount": self.random.choice((1, 2)), "VolumeSizeInGB": 30}

    def training(self, name: str) -> JsonObject:
        arguments: JsonObject = {
            "AlgorithmSpecification": {"TrainingImage": self.random.choice(_IMAGES), "TrainingInputMode": "File"},
            "RoleArn": _ROLE,
            "OutputDataConfig": {"S3OutputPath": self.bucket_place(name)},
            "ResourceConfig": self.machines(),
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        }
        if self.some(0.7):
            channels: list[JsonValue] = []
            for channel in self.random.sample(("train", "validation", "class", "x-y"), self.random.randrange(1, 4)):
                source: JsonObject = {"S3DataType": "S3Prefix", "S3Uri": self.location()}
                if self.some(0.7):
                    source["S3DataDistributionType"] = "FullyReplicated"
                channels.append({"ChannelName": channel, "DataSource": {"S3DataSource": source}})
            arguments["InputDataConfig"] = channels
        if self.some(0.6):
            names = self.random.sample(_HYPERPARAMETERS, self.random.randrange(1, 5))
            as_json = self.some(0.3)
            values: JsonObject = {}
            for own in names:
                values[own] = json.dumps(self.random.choice(_TEXTS)) if as_json else self.one_line(self.text())
            arguments["HyperParameters"] = values
        if self.some(0.4):
            arguments["Environment"] = {own: self.text() for own in self.random.sample(_VARIABLES, 2)}
        self.texts.append({"Get": f"Steps.{name}.ModelArtifacts.S3ModelArtifacts"})
        self.numbers.append({"Get": f"Steps.{name}.ResourceConfig.InstanceCount"})
        return {"Name": name, "Type": "Training", "Arguments": arguments, **self.behaviour()}

    def processing(self, name: str) -> JsonObject:
        outputs: list[JsonValue] = []
        listed = self.random.sample(("out", "train", "class", "a-b", "a_b"), self.random.randrange(1, 4))
        for own in listed:
            target: JsonObject = {
                "S3Uri": self.bucket_place(name),
                "LocalPath": f"/opt/{own}",
                "S3UploadMode": "EndOfJob",
            }
            outputs.append({"OutputName": own, "S3Output": target})
        inputs: list[JsonValue] = []
        for number in range(self.random.randrange(3)):
            place: JsonObject = {
                "S3Uri": self.location(),
                "LocalPath": f"/opt/in/{number}",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
                "S3DataDistributionType": "FullyReplicated",
                "S3CompressionType": "None",
            }
            inputs.append({"InputName": f"input-{number + 1}", "AppManaged": False, "S3Input": place})
        application: JsonObject = {"ImageUri": self.random.choice(_IMAGES)}
        if self.some(0.5):
            application["ContainerArguments"] = [
                "--rows",
                self.filled(self.text()),
                "--in",
                self.filled(self.location()),
            ]
        arguments: JsonObject = {
            "AppSpecification": application,
            "ProcessingResources": {"ClusterConfig": self.machines()},
            "RoleArn": _ROLE,
            "ProcessingOutputConfig": {"Outputs": outputs},
        }
        if inputs:
            arguments["ProcessingInputs"] = inputs
        if self.some(0.4):
            arguments["Environment"] = {own: self.text() for own in self.random.sample(_VARIABLES, 2)}
        document: JsonObject = {"Name": name, "Type": "Processing", "Arguments": arguments, **self.behaviour()}
        for own in listed:
            path = f"Steps.{name}.ProcessingOutputConfig.Outputs['{own}'].S3Output.S3Uri"
            whole: JsonObject = {"Get": path}
            below: JsonObject = {"Std:Join": {"On": "/", "Values": [whole, "file.csv"]}}
            self.texts += [whole, below]
        if self.some(0.4) and not self.in_body:
            files: list[JsonValue] = [
                {"PropertyFileName": "Report", "OutputName": listed[0], "FilePath": "report.json"}
            ]
            document["PropertyFiles"] = files
            path = self.random.choice(("a.b", "a['b-c']", "items[0].value", "x"))
            get: JsonObject = {"Get": f"Steps.{name}.PropertyFiles.Report"}
            self.reports.append({"Std:JsonGet": {"PropertyFile": get, "Path": path}})
        return document

    def filled(self, value: JsonValue) -> JsonValue:
        """A text that AWS takes as an argument, which is not empty."""
        return "x" if value in ("", "line\nend") else value

    def one_line(self, value: JsonValue) -> JsonValue:
        """A text that AWS takes as a hyperparameter."""
        return "x" if value == "line\nend" else value

    def function(self, name: str) -> JsonObject:
        return self.returning(name, "Lambda", {"FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:score"})

    def queue(self, name: str) -> JsonObject:
        return self.returning(name, "Callback", {"SqsQueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q"})

    def returning(self, name: str, kind: str, fields: JsonObject) -> JsonObject:
        arguments: JsonObject = {
            own: self.anything() for own in self.random.sample(("a", "b", "class", "a-b", "self", "x y"), 3)
        }
        listed: list[JsonValue] = []
        for own, scalar in (("uri", "String"), ("score", "Float"), ("class", "String"), ("count", "Integer")):
            if self.some(0.5):
                listed.append({"OutputName": own, "OutputType": scalar})
                get: JsonObject = {"Get": f"Steps.{name}.OutputParameters['{own}']"}
                (self.texts if scalar == "String" else self.numbers).append(get)
        document: JsonObject = {"Name": name, "Type": kind, "Arguments": arguments, **fields}
        if listed or self.some(0.5):
            document["OutputParameters"] = listed
        return document | {key: value for key, value in self.behaviour().items() if key == "CacheConfig"}

    def model(self, name: str) -> JsonObject:
        container: JsonObject = {
            "Image": self.random.choice(_IMAGES),
            "ModelDataUrl": self.location(),
            "Environment": {},
        }
        arguments: JsonObject = {"ExecutionRoleArn": _ROLE, "PrimaryContainer": container}
        if self.some(0.3):
            network: JsonObject = {
                "SecurityGroupIds": ["sg-0123456789abcdef0"],
                "Subnets": ["subnet-0123456789abcdef0"],
            }
            arguments["VpcConfig"] = network
        if self.some(0.3):
            arguments["Tags"] = [{"Key": "team", "Value": self.random.choice(("a", "b"))}]
        self.texts.append({"Get": f"Steps.{name}.ModelName"})
        return {"Name": name, "Type": "Model", "Arguments": arguments}

    def transform(self, name: str) -> JsonObject:
        source: JsonObject = {"S3DataType": "S3Prefix", "S3Uri": self.location()}
        arguments: JsonObject = {
            "ModelName": self.random.choice(("scores", *[item for item in self.texts if "ModelName" in str(item)])),
            "TransformInput": {"DataSource": {"S3DataSource": source}},
            "TransformOutput": {"S3OutputPath": self.bucket_place(name)},
            "TransformResources": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
        }
        return {"Name": name, "Type": "Transform", "Arguments": arguments, **self.behaviour()}

    def raw(self, name: str) -> JsonObject:
        arguments: JsonObject = {"Query": self.text(), "Limits": [self.anything(), 3], "Deep": {"a": self.anything()}}
        document: JsonObject = {"Name": name, "Type": "Athena", "Arguments": arguments, "Extra": {"b": self.text()}}
        self.texts.append({"Get": f"Steps.{name}.Result.OutputLocation"})
        return document

    def recorded(self, name: str) -> JsonObject:
        """A step that the SDK wrote, without what it reads of others."""
        files = sorted(path for path in _KINDS.glob("*.json") if not path.name.startswith("_"))
        text = self.random.choice(files).read_text(encoding="utf-8")
        document: JsonObject = json.loads(text)

        def inside(value: JsonValue) -> JsonValue:
            if isinstance(value, dict):
                get = value.get("Get")
                if isinstance(get, str) and get.startswith(("Steps.", "Parameters.")):
                    # Its place may take a name of few characters only.
                    return True if get.endswith("SkipChecks") else 3 if get.endswith("MaxAge") else "plain"
                return {key: inside(item) for key, item in value.items()}
            return [inside(item) for item in value] if isinstance(value, list) else value

        read = {key: inside(value) for key, value in document.items() if key != "DependsOn"}
        return {**read, "Name": name}

    def fail(self, name: str) -> JsonObject:
        return {"Name": name, "Type": "Fail", "Arguments": {"ErrorMessage": self.filled(self.text())}}

    def condition(self, name: str, depth: int) -> JsonObject:
        conditions: list[JsonValue] = [self.compared(0) for _ in range(self.random.randrange(1, 3))]
        texts, numbers, reports = list(self.texts), list(self.numbers), list(self.reports)
        before = list(self.before)
        branches: list[list[JsonValue]] = []
        for least in (1, 0):
            # What is made in a branch is read in it only.
            self.texts, self.numbers, self.reports, self.before = (
                list(texts),
                list(numbers),
                list(reports),
                list(before),
            )
            branches.append([self.step(depth + 1) for _ in range(self.random.randrange(least, 3))])
        self.texts, self.numbers, self.reports, self.before = texts, numbers, reports, before
        arguments: JsonObject = {"Conditions": conditions, "IfSteps": branches[0], "ElseSteps": branches[1]}
        return {"Name": name, "Type": "Condition", "Arguments": arguments}

    def compared(self, depth: int) -> JsonObject:
        kind = self.random.randrange(6 if depth < 2 else 3)
        if kind == 3:
            member = self.random.choice(("Condition", "Expression"))
            return {"Type": "Not", member: self.compared(depth + 1)}
        if kind == 4:
            return {"Type": "Or", "Conditions": [self.compared(depth + 1) for _ in range(self.random.randrange(1, 4))]}
        numbers = [*self.numbers, *self.reports]
        if kind == 0 and numbers:
            others: list[JsonValue] = [1, 2.5, *self.numbers]
            left: JsonValue = self.random.choice(numbers)
            right: JsonValue = self.random.choice(others)
            if not isinstance(right, dict) and self.some(0.2):
                left, right = right, left
            order = self.random.choice(
                ("GreaterThan", "LessThan", "GreaterThanOrEqualTo", "LessThanOrEqualTo", "Equals")
            )
            return {"Type": order, "LeftValue": left, "RightValue": right}
        text: JsonObject = self.random.choice([*self.texts, {"Get": "Execution.PipelineName"}])
        if kind == 1:
            return {"Type": "In", "QueryValue": text, "Values": ["a", self.text()]}
        return {"Type": "Equals", "LeftValue": text, "RightValue": self.text()}

    def loop(self, name: str) -> JsonObject:
        texts, numbers, reports = list(self.texts), list(self.numbers), list(self.reports)
        before = list(self.before)
        items: JsonValue = ["a", "b"]
        choice = self.random.randrange(4)
        if choice == 0:
            plain: list[JsonValue] = [[1, 2], [0.5, 2], [True]]
            items = self.random.choice(plain)
        elif choice == 1:
            items = ['{"name":"eu","the-size":3}', '{"name": "us", "the-size": 4}']
            self.texts.append({"Get": "ForEach.CurrentItem.name"})
            self.numbers.append({"Get": "ForEach.CurrentItem['the-size']"})
        elif choice == 2 and texts:
            items = self.random.choice(texts)
        if choice >= 2:
            self.texts.append({"Get": "ForEach.CurrentItem"})
        self.in_body, self.reports, self.before = True, [], []
        body: list[JsonValue] = [self.step(1) for _ in range(self.random.randrange(1, 3))]
        self.in_body = False
        self.texts, self.numbers, self.reports, self.before = texts, numbers, reports, before
        self.texts.append({"Get": f"Steps.{name}.Status"})
        self.numbers.append({"Get": f"Steps.{name}.FailedStepCount"})
        arguments: JsonObject = {"IterableItems": items, "MaxConcurrency": 2, "ForEachBody": body}
        return {"Name": name, "Type": "ForEach", "Arguments": arguments}


def random_definition(seed: int) -> JsonObject:
    """The definition of a seed, always the same one."""
    return Definitions(Random(seed)).definition()
