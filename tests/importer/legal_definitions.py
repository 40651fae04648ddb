"""Random legal definitions: all kinds of steps, all forms of expressions, and names that are hard to write in Python.

Everything is drawn from one source of random numbers, so a seed gives the same definition everywhere, and hypothesis,
whose source shrinks, gives a small one for what fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from random import Random
from typing import Final

from smgen.aws import (
    STEP_KINDS,
    PathProblem,
    Shape,
    property_leaf,
    service_model,
    works_in_python,
)
from smgen.documents import JsonObject, JsonValue

#: Legal names of steps and parameters: words of Python and of the module, clashes, and nothing but signs.
NAMES: Final = (
    *("class", "A-1", "a_1", "A_1", "a-1", "1", "p", "env", "External", "join", "--", "_", "-", "lambda", "print"),
    *("Cache", "Retry", "Ran", "Execution", "None", "True", "train", "Train", "TRAIN", "TrainModel", "train-model"),
    *("train_model", "Train-Train", "item", "body", "then", "config", "self", "Steps", "Parameters", "Get", "x"),
    *(
        "model",
        "Model",
        "job_name",
        "location",
        "9lives",
        "list_steps",
        "default",
        "ml",
        "str",
        "Environment",
        "s" * 64,
    ),
)
#: Values of texts: unicode, and everything that has a meaning in a Python literal.
TEXTS: Final = (
    *(
        "a",
        "train",
        "x y",
        "é",
        "日本語",
        "\U0001f600",
        "'",
        '"',
        "\\",
        "{",
        "}",
        "{x}",
        "{{x}}",
        "\n",
        "\t",
        "a\r\nb",
        "#",
    ),
    *('"""', "'''", "\\n", "%s", "$x", "$input", "-5", "0", "1.50", "1e5", "true", "null", '"quoted"', "[1, 2]", "{}"),
    *("--flag", "s3://ml-dev", "s3://ml-dev/a/b.csv", "s3://other-bucket/x", "s3://ml-dev/é/{x}", "a/../b", "ml-dev"),
    *("arn:aws:iam::111122223333:role/Runner", "arn:aws:iam::111122223333:role/Other", "us-east-1", "Steps.A.B"),
    *("arn:aws:kms:us-east-1:111122223333:key/k-1", "subnet-0123456789abcdef0", "sg-0123456789abcdef0", "111122223333"),
    *("111122223333.dkr.ecr.us-east-1.amazonaws.com/own:1", "683313688378.dkr.ecr.us-east-1.amazonaws.com/xgb:1.7-1"),
    *("arn:aws:sagemaker:us-east-1:111122223333:model-package-group/Group", "Group", "evaluation.json", "P30D", "/a/b"),
    *("https://sqs.us-east-1.amazonaws.com/111122223333/queue", "x" * 300, "\u2028", "\x7f", " lead", "trail "),
)
#: Those of one line.
LINES: Final = tuple(text for text in TEXTS if len(text.splitlines()) == 1 and text.isprintable())
#: Keys of maps.
KEYS: Final = ("name", "a-b", "a_b", "class", "key", "Key", "x.y", "$x", "é", "self", "model_", "1", "Get it")
INTEGERS: Final = (0, 1, -1, 2, 10, 30, 3600, 2**31, 2**53 + 1, 10**30)
FLOATS: Final = (0.0, -0.0, 0.5, 1.0, 1e-7, 1e16, 1e22, 1.7976931348623157e308, 5e-324, 6.0, -2.25)
KINDS: Final = tuple(STEP_KINDS)
RAW_KINDS: Final = ("Athena", "HubContent", "BedrockModelImport")
EXECUTION: Final = ("PipelineName", "PipelineExecutionId", "StartDateTime", "PipelineArn", "PipelineExecutionArn")
#: What differs between environments, as it is in a second one.
SECOND: Final[Mapping[str, str]] = {
    "111122223333": "444455556666",
    "us-east-1": "eu-west-1",
    "ml-dev": "ml-prod",
    "0123456789abcdef0": "fedcba98765432100",
}
_TYPES: Final = ("String", "Integer", "Float", "Boolean")
_OF_SHAPE: Final = {
    "string": "String",
    "timestamp": "String",
    "blob": "String",
    "integer": "Integer",
    "long": "Integer",
    "float": "Float",
    "double": "Float",
    "boolean": "Boolean",
}
_DEEPEST: Final = 6
#: Maps of texts, and other members in which any text may stand.
_MAPS: Final = ("HyperParameters", "StaticHyperParameters", "Environment")
_OPEN: Final = (*_MAPS, "S3Uri", "S3OutputPath")
#: What no environment can say.
_ALIKE: Final = ("DisplayName", "Description", "EnumValues")


@dataclass(frozen=True)
class Made:
    """A step that others may read: its returned values by name, its processing outputs, and its property files."""

    name: str
    kind: str
    returned: Mapping[str, str] = field(default_factory=dict[str, str])
    outputs: Sequence[str] = ()
    files: Sequence[str] = ()
    #: For a loop: the steps of its body, and the one by which it picks an iteration.
    body: Sequence[Made] = ()
    selected: Made | None = None


@dataclass
class Definitions:
    """Draws one definition."""

    random: Random
    taken: set[str] = field(default_factory=set[str])
    parameters: dict[str, str] = field(default_factory=dict[str, str])
    visible: list[Made] = field(default_factory=list[Made])
    #: Members of the current item that steps of a body may read; None outside of a body.
    item: Sequence[str] | None = None

    def chance(self, share: float) -> bool:
        return self.random.randrange(1000) < share * 1000

    def pick(self, values: Sequence[str]) -> str:
        return values[self.random.randrange(len(values))]

    # The whole ------------------------------------------------------------------------------------------------------

    def definition(self) -> JsonObject:
        parameters: list[JsonValue] = [self.parameter() for _ in range(self.random.randrange(6))]
        document: JsonObject = {"Version": "2020-12-01"}
        if self.chance(0.8):
            document["Metadata"] = {}
        if parameters or self.chance(0.8):
            document["Parameters"] = parameters
        experiment = self.random.randrange(4)
        if experiment == 0:
            document["PipelineExperimentConfig"] = {
                "ExperimentName": self.of_parameter("String") or self.literal("String"),
                "TrialName": {"Std:Join": {"On": "-", "Values": ["trial", {"Get": "Execution.StartDateTime"}]}},
            }
        elif experiment == 1:
            document["PipelineExperimentConfig"] = None
        elif experiment == 2:
            document["PipelineExperimentConfig"] = {
                "ExperimentName": {"Get": "Execution.PipelineName"},
                "TrialName": {"Get": "Execution.PipelineExecutionId"},
            }
        mlflow = self.random.randrange(4)
        if mlflow == 0:
            document["MlflowConfig"] = {
                "MlflowResourceArn": "arn:aws:sagemaker:us-east-1:111122223333:mlflow-app/app",
                "MlflowExperimentName": self.literal("String") if self.chance(0.6) else None,
            }
        elif mlflow == 1:
            document["MlflowConfig"] = None
        steps = self.steps(self.random.randrange(1, 9), 0)
        if self.chance(0.15):
            self.random.shuffle(steps)
        document["Steps"] = steps
        return document

    def name(self) -> str:
        while True:
            name = self.pick(NAMES)
            if self.chance(0.3):
                name = "".join(self.pick("aZ09-_") for _ in range(self.random.randrange(1, 8)))
            if self.item is not None:
                # Iterations of a step of a body are called by its name, a hyphen, and a number.
                name = f"{name[:60]}b"
            if name not in self.taken:
                self.taken.add(name)
                return name

    def parameter(self) -> JsonObject:
        name, kind = self.pick(NAMES), self.pick(_TYPES)
        while name in self.parameters:
            name += self.pick("a-_1")
        self.parameters[name] = kind
        found: JsonObject = {"Name": name, "Type": kind}
        if kind == "String" and self.chance(0.3):
            enum: list[JsonValue] = [self.pick(TEXTS) for _ in range(self.random.randrange(1, 4))]
            enum = list(dict.fromkeys(map(str, enum)))
            if self.chance(0.7):
                found["DefaultValue"] = enum[0]
            found["EnumValues"] = enum
        elif self.chance(0.7):
            found["DefaultValue"] = 6 if kind == "Float" and self.chance(0.1) else self.literal(kind)
        elif self.chance(0.1):
            found |= {"DefaultValue": None, "EnumValues": None}
        return found

    def literal(self, kind: str) -> JsonValue:
        if kind == "Integer":
            return INTEGERS[self.random.randrange(len(INTEGERS))]
        if kind == "Float":
            return FLOATS[self.random.randrange(len(FLOATS))]
        return self.chance(0.5) if kind == "Boolean" else self.pick(TEXTS)

    # Steps ----------------------------------------------------------------------------------------------------------

    def steps(self, count: int, depth: int) -> list[JsonValue]:
        """Steps of one list; what it adds to those that are visible stays until the list's holder takes it away."""
        found: list[JsonValue] = []
        for _ in range(count):
            if found and self.chance(0.15):
                copied = self.copied(found)
                if copied is not None:
                    found.append(copied)
                    continue
            step, made = self.step(depth)
            found.append(step)
            self.visible.append(made)
        return found

    def copied(self, before: Sequence[JsonValue]) -> JsonObject | None:
        """A step of the same form as one before it, with another name."""
        step = before[self.random.randrange(len(before))]
        if not isinstance(step, dict) or step["Type"] in ("Condition", "ForEach"):
            return None
        again: JsonValue = json.loads(json.dumps(step))
        if isinstance(again, dict):
            self.vary(again["Arguments"], every=step["Type"] in ("Lambda", "Callback", *RAW_KINDS))
            again["Name"] = self.name()
            return again
        return None

    def vary(self, value: JsonValue, *, every: bool) -> None:
        """Other values for some of those that steps of one form may have of their own."""
        if isinstance(value, dict) and not _is_expression(value):
            for name, item in value.items():
                inside = every or name in _OPEN
                if inside and isinstance(item, str) and not name.startswith("$") and self.chance(0.4):
                    texts = TEXTS if every else ("s3://ml-dev/other", "s3://ml-data/x/y.csv")
                    value[name] = self.pick(texts) if self.chance(0.5) else self.of_text("String")
                elif name in _MAPS or not every:
                    self.vary(item, every=inside)

    def step(self, depth: int) -> tuple[JsonObject, Made]:
        name = self.name()
        kind = self.pick(RAW_KINDS) if self.chance(0.04) else self.pick(KINDS)
        if (self.item is not None and kind in ("Condition", "Fail", "ForEach")) or (
            depth > 1 and kind in ("Condition", "ForEach")
        ):
            kind = self.pick(("Training", "Processing", "Lambda", "Model"))
        step: JsonObject = {"Name": name, "Type": kind, "Arguments": {}}
        made = Made(name, kind)
        if kind == "Condition":
            step["Arguments"] = self.condition_arguments(depth)
        elif kind == "Fail":
            step["Arguments"] = {"ErrorMessage": self.text_value()} if self.chance(0.9) else {"ErrorMessage": ""}
        elif kind == "ForEach":
            step["Arguments"], made = self.loop(name, depth)
        elif kind in ("Lambda", "Callback") or kind in RAW_KINDS:
            step["Arguments"] = self.plainly({self.key(): self.any_value(2) for _ in range(self.random.randrange(4))})
        elif kind == "Cleanup":
            step["Arguments"] = {"Resources": {"S3": self.cleaned()}}
        else:
            row = STEP_KINDS[kind]
            shape = service_model().shape(row.arguments)
            step["Arguments"] = {**self.structure(shape, 0, without=row.dropped), **self.usual(kind)}
        self.common(step, kind)
        made = self.fields(step, kind, made)
        return step, made

    def usual(self, kind: str) -> JsonObject:
        """What such steps mostly have, made so that other steps read it and it reads others."""
        if kind == "Processing" and self.chance(0.7):
            names = ("train", "test", "a-1", "a_1", "class", "model", "Data Set", "evaluation")
            outputs: list[JsonValue] = []
            for name in dict.fromkeys(self.pick(names) for _ in range(3)):
                target: JsonObject = {
                    "S3Uri": self.location(),
                    "LocalPath": f"/opt/ml/processing/{name}",
                    "S3UploadMode": "EndOfJob",
                }
                item: JsonObject = {"OutputName": name, "S3Output": target}
                outputs.append({**item, "AppManaged": False} if self.chance(0.5) else item)
            return {"ProcessingOutputConfig": {"Outputs": outputs}}
        if kind == "Training" and self.chance(0.6):
            channels: list[JsonValue] = []
            for name in dict.fromkeys(self.pick(("train", "validation", "model", "code")) for _ in range(2)):
                source: JsonObject = {
                    "S3DataType": "S3Prefix",
                    "S3Uri": self.location(),
                    "S3DataDistributionType": "FullyReplicated",
                }
                channels.append({"ChannelName": name, "DataSource": {"S3DataSource": source}})
            return {"InputDataConfig": channels}
        if kind == "Model" and self.chance(0.6):
            return {"PrimaryContainer": {"ModelDataUrl": self.location(), "Environment": {"A": "1"}}}
        return {}

    def location(self) -> JsonValue:
        """A place in S3, mostly one that an earlier step writes."""
        for _ in range(2):
            found = self.of_property("String")
            if found is not None:
                return found
        return self.pick(("s3://ml-dev/a", "s3://ml-dev/b/c.csv", "s3://ml-data/x", "s3://ml-dev"))

    def common(self, step: JsonObject, kind: str) -> None:
        awaited = [made for made in self.visible if made.kind != "Fail"]
        if awaited and self.chance(0.25):
            names = list(
                dict.fromkeys(
                    awaited[self.random.randrange(len(awaited))].name for _ in range(self.random.randrange(1, 4))
                )
            )
            step["DependsOn"] = [
                {"Step": name, "Trigger": self.pick(("Failed", "Stopped", "Any"))} if self.chance(0.3) else name
                for name in names
            ]
        elif self.chance(0.05):
            step["DependsOn"] = []
        if self.chance(0.15):
            step["DisplayName"] = self.pick(LINES)[:256]
        if self.chance(0.15):
            step["Description"] = self.pick(LINES)
        row = STEP_KINDS.get(kind)
        if row is not None and row.retries and self.chance(0.2):
            step["RetryPolicies"] = [self.retry(job=row.retries_job_errors) for _ in range(self.random.randrange(1, 3))]
        if row is not None and row.caches and self.chance(0.25):
            cache: JsonObject = {"Enabled": self.chance(0.7)}
            if self.chance(0.7):
                cache["ExpireAfter"] = self.pick(("P30D", "PT12H", "30d", "T16m", "P4DT12H", "p1y"))
            step["CacheConfig"] = cache

    def retry(self, *, job: bool) -> JsonObject:
        names = ["Step.SERVICE_FAULT", "Step.THROTTLING"]
        if job and self.chance(0.5):
            names = ["SageMaker.JOB_INTERNAL_ERROR", "SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT"]
        policy: JsonObject = {
            "BackoffRate": (2.0, 1.5, 0.5, 3)[self.random.randrange(4)],
            "IntervalSeconds": (1, 0, 60)[self.random.randrange(3)],
        }
        if self.chance(0.1):
            del policy[self.pick([*policy])]
        if self.chance(0.5):
            policy["MaxAttempts"] = self.random.randrange(1, 21)
        elif self.chance(0.9):
            policy["ExpireAfterMin"] = self.random.randrange(1, 14_401)
        policy["ExceptionType"] = [*names[: self.random.randrange(1, len(names) + 1)]]
        return policy

    def fields(self, step: JsonObject, kind: str, made: Made) -> Made:
        """What stands beside the arguments, and what the step gives."""
        if kind in ("Lambda", "Callback"):
            name = "FunctionArn" if kind == "Lambda" else "SqsQueueUrl"
            step[name] = {
                "FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:work",
                "SqsQueueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/queue",
            }[name]
            returned = {self.key(): self.pick(_TYPES) for _ in range(self.random.randrange(4))}
            step["OutputParameters"] = [{"OutputName": output, "OutputType": own} for output, own in returned.items()]
            return Made(made.name, kind, {output: own for output, own in returned.items() if _is_quotable(output)})
        if kind == "Processing":
            outputs = _output_names(step)
            files: list[str] = []
            if outputs and self.chance(0.5):
                files = list(dict.fromkeys(self.pick(("Report", "report", "eval-1", "class", "a.b")) for _ in range(2)))
                step["PropertyFiles"] = [
                    {"PropertyFileName": name, "OutputName": self.pick(outputs), "FilePath": f"{name}.json"}
                    for name in files
                ]
            return Made(made.name, kind, outputs=outputs, files=files)
        if kind in ("QualityCheck", "ClarifyCheck"):
            kinds = ("DATA_QUALITY", "MODEL_QUALITY") if kind == "QualityCheck" else ("DATA_BIAS", "MODEL_BIAS")
            step["CheckType"] = self.pick(kinds)
            step["ModelPackageGroupName"] = (
                self.leaf(service_model().shape("ArnOrName"), "") if self.chance(0.5) else None
            )
            for name in ("SkipCheck", "FailOnViolation", "RegisterNewBaseline"):
                step[name] = self.value_of("Boolean")
            if kind == "QualityCheck":
                step["SuppliedBaselineStatistics"] = self.text_value() if self.chance(0.4) else None
            step["SuppliedBaselineConstraints"] = self.text_value() if self.chance(0.4) else None
            if kind == "ClarifyCheck" and step["CheckType"] != "DATA_BIAS":
                step["ModelName"] = self.leaf(service_model().shape("ModelName"), "") if self.chance(0.5) else None
        return made

    def condition_arguments(self, depth: int) -> JsonObject:
        conditions: list[JsonValue] = [self.condition(0) for _ in range(self.random.randrange(1, 4))]
        before = list(self.visible)
        then = self.steps(self.random.randrange(3), depth + 1)
        least = 0 if then else 1
        self.visible = list(before)
        otherwise = self.steps(self.random.randrange(least, 3), depth + 1)
        self.visible = before
        return {"Conditions": conditions, "IfSteps": then, "ElseSteps": otherwise}

    def condition(self, depth: int) -> JsonValue:
        way = self.random.randrange(5 if depth < 3 else 3)
        kind = self.pick([kind for kind in _TYPES if kind == "String" or kind in self.parameters.values()])
        numbers = [kind for kind in ("Integer", "Float") if kind in self.parameters.values()]
        if way == 2 and not numbers:
            way = 1
        if way == 0:
            listed: list[JsonValue] = [self.value_of(kind) for _ in range(self.random.randrange(1, 4))]
            return {"Type": "In", "QueryValue": self.asked(kind), "Values": listed}
        if way == 3:
            return {"Type": "Not", self.pick(("Condition", "Expression")): self.condition(depth + 1)}
        if way == 4:
            inner: list[JsonValue] = [self.condition(depth + 1) for _ in range(self.random.randrange(1, 4))]
            return {"Type": "Or", "Conditions": inner}
        if way == 1:
            return {"Type": "Equals", "LeftValue": self.asked(kind), "RightValue": self.value_of(kind)}
        kind = self.pick(numbers)
        type_ = self.pick(("GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"))
        return {"Type": type_, "LeftValue": self.asked(kind), "RightValue": self.value_of(kind)}

    def asked(self, kind: str) -> JsonValue:
        """An expression of a type that some parameter has, or a text."""
        while True:
            found = self.variable(kind)
            if isinstance(found, dict):
                return found

    def loop(self, name: str, depth: int) -> tuple[JsonObject, Made]:
        before = list(self.visible)
        has_records = self.chance(0.3)
        kind = self.pick(_TYPES)
        items: JsonValue = [self.of_parameter(kind) or self.literal(kind) for _ in range(self.random.randrange(1, 4))]
        self.item = ()
        if has_records:
            count = self.random.randrange(1, 3)
            records = [{"name": self.pick(TEXTS), "class": self.pick(TEXTS)} for _ in range(count)]
            items = [json.dumps(record) for record in records]
            self.item = ("name", "class")
        elif kind != "String":
            self.item = (kind,)
        body = self.steps(self.random.randrange(1, 3), depth + 1)
        self.item = None
        inside = [made for made in self.visible if made not in before]
        self.visible = before
        inside = [made for made in inside if STEP_KINDS.get(made.kind) is not None]
        arguments: JsonObject = {"IterableItems": items, "MaxConcurrency": self.random.randrange(1, 51)}
        selecting = next((made for made in inside if made.kind == "Training"), None)
        if selecting is not None and self.chance(0.5):
            field_ = f"IterationOutput.{selecting.name}.FinalMetricDataList[0].Value"
            arguments["Selector"] = {"Pick": self.pick(("MaxBy", "MinBy")), "Field": {"Get": field_}}
        arguments["ForEachBody"] = body
        return arguments, Made(name, "ForEach", body=inside, selected=selecting if "Selector" in arguments else None)

    def cleaned(self) -> list[JsonValue]:
        sources = [made for made in self.visible if made.kind == "Training"]
        return [{"StepName": made.name} for made in sources[:2]] or [{"StepName": "elsewhere"}]

    # Requests -------------------------------------------------------------------------------------------------------

    def structure(self, shape: Shape, depth: int, without: Sequence[str] = ()) -> JsonObject:
        found: JsonObject = {}
        model = service_model()
        share = 0.35 if depth == 0 else 0.2
        names = [name for name in shape.members if name not in without]
        if shape.union:
            names = [self.pick(names)]
        for name in names:
            if name in shape.required or shape.union or (depth < _DEEPEST and self.chance(share)):
                member = model.member_shape(shape.members[name])
                if depth >= _DEEPEST and name not in shape.required:
                    continue
                found[name] = (
                    None if name not in shape.required and self.chance(0.02) else self.of_shape(member, depth + 1, name)
                )
        return found

    def of_shape(self, shape: Shape, depth: int, member: str) -> JsonValue:
        model = service_model()
        if shape.type == "structure":
            return self.structure(shape, depth)
        if shape.type == "list" and shape.element is not None:
            least = int(shape.min or 0)
            count = max(least, min(int(shape.max or 3), self.random.randrange(3 if depth < 5 else 1)))
            element = model.shape(shape.element)
            return _unique([self.of_shape(element, depth + 1, member) for _ in range(count)])
        if shape.type == "map" and shape.value is not None:
            value = model.shape(shape.value)
            if member in ("HyperParameters", "StaticHyperParameters") and self.chance(0.4):
                # As script mode writes them.
                texts = [self.value_of("String"), self.literal("String"), self.value_of(self.pick(_TYPES))]
                return {
                    name: json.dumps(item) if not isinstance(item, dict) else item
                    for name, item in zip(("eta", "sagemaker_program", "a-b"), texts, strict=True)
                }
            found = {self.key(): self.of_shape(value, depth + 1, member) for _ in range(self.random.randrange(3))}
            plain = "" if value.type == "string" and not value.enum else None
            return {name: item for name, item in found.items() if not name.startswith("$") or item == plain}
        if shape.type == "document":
            return self.any_value(2)
        return self.leaf(shape, member)

    def leaf(self, shape: Shape, member: str) -> JsonValue:
        kind = _OF_SHAPE[shape.type]
        if self.chance(0.2) and not shape.enum:
            # The default of a parameter would have to be what AWS takes here.
            open_ = shape.pattern is None and shape.min is None and shape.max is None
            found = self.variable(kind) if open_ else self.of_property(kind) or self.of_report(kind)
            if isinstance(found, dict):
                return found
        if shape.enum:
            return self.pick(shape.enum)
        if kind == "Boolean":
            return self.chance(0.5)
        if kind != "String":
            low, high = ceil(shape.min or 0), int(shape.max if shape.max is not None else 2**31 - 1)
            number = self.random.randrange(low, high + 1) if self.chance(0.5) else low
            return number + 0.5 if kind == "Float" and number < high and self.chance(0.3) else number
        if member in ("InputName", "OutputName", "ChannelName"):
            names = ("train", "test", "a-1", "a_1", "class", "model", "input-1", "code", "x.y", "Data Set")
            return self.pick([name for name in names if _fits(shape, name)])
        fitting = _fitting(shape)
        return self.pick(fitting) if fitting else {"Get": f"Execution.{self.pick(EXECUTION)}"}

    def any_value(self, depth: int) -> JsonValue:
        """What a function may be given: any JSON."""
        way = self.random.randrange(8 if depth else 6)
        if way < 4:
            return self.value_of(self.pick(_TYPES))
        if way == 4:
            return None
        if way == 5:
            return {} if self.chance(0.5) else []
        if way == 6:
            return [self.any_value(depth - 1) for _ in range(self.random.randrange(3))]
        return self.plainly({self.key(): self.any_value(depth - 1) for _ in range(self.random.randrange(3))})

    def plainly(self, members: JsonObject) -> JsonObject:
        """The members, plain values for those that look like holes of a contract."""
        return {name: 7 if name.startswith("$") else value for name, value in members.items()}

    def key(self) -> str:
        return self.pick(KEYS)

    # Expressions ----------------------------------------------------------------------------------------------------

    def value_of(self, kind: str) -> JsonValue:
        return self.variable(kind) if self.chance(0.4) else self.literal(kind)

    def text_value(self) -> JsonValue:
        return self.value_of("String")

    def variable(self, kind: str) -> JsonValue:
        """An expression of a type; a plain value where nothing gives one."""
        ways = (self.of_parameter, self.of_property, self.of_item, self.of_report, self.of_text)
        for _ in range(4):
            found = ways[self.random.randrange(len(ways))](kind)
            if found is not None:
                return found
        known = [name for name, own in self.parameters.items() if own == kind]
        if known:
            return {"Get": f"Parameters.{self.pick(known)}"}
        return {"Get": f"Execution.{self.pick(EXECUTION)}"} if kind == "String" else self.literal(kind)

    def seen(self) -> Made:
        return self.visible[self.random.randrange(len(self.visible))]

    def of_parameter(self, kind: str) -> JsonValue:
        known = [name for name, own in self.parameters.items() if own == kind]
        return {"Get": f"Parameters.{self.pick(known)}"} if known else None

    def of_text(self, kind: str) -> JsonValue:
        if kind != "String":
            return None
        if self.chance(0.4):
            return {"Get": f"Execution.{self.pick(EXECUTION)}"}
        if self.chance(0.03):
            return {"Get": f"PipelineExperimentConfig.{self.pick(('ExperimentName', 'TrialName'))}"}
        kinds = ("String", "String", "String", "Integer", "Float", "Boolean")
        values = [self.value_of(self.pick(kinds)) for _ in range(self.random.randrange(1, 5))]
        return {"Std:Join": {"On": self.pick(("/", "", "-", "\n", '"')), "Values": values}}

    def of_item(self, kind: str) -> JsonValue:
        if self.item is None:
            return None
        if "name" in self.item:
            return {"Get": f"ForEach.CurrentItem.{self.pick(self.item)}"} if kind == "String" else None
        return {"Get": "ForEach.CurrentItem"} if kind == (self.item[0] if self.item else "String") else None

    def of_report(self, kind: str) -> JsonValue:
        if not self.visible:
            return None
        made = self.seen()
        path = self.pick(("metrics.mse", "a.b[0]", "['x-y']", "$.metrics.mse", "class.value", "rows[1].n", "a"))
        path = f"{kind}.{path.removeprefix('$.')}" if not path.startswith("[") else f"{kind}{path}"
        if made.files and self.chance(0.7):
            file: JsonValue = {"Get": f"Steps.{made.name}.PropertyFiles.{self.pick(made.files)}"}
            return {"Std:JsonGet": {"PropertyFile": file, "Path": path}}
        outputs = [name for name in made.outputs if _is_quotable(name)]
        folder: JsonValue = None
        if outputs:
            output = self.pick(outputs)
            folder = {"Get": f"Steps.{made.name}.ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri"}
        elif self.chance(0.1):
            folder = "s3://ml-dev/reports"
        if folder is None:
            return None
        where: JsonValue = {"Std:Join": {"On": "/", "Values": [folder, self.pick(("r.json", "a/b.json"))]}}
        return {"Std:JsonGet": {"S3Uri": where, "Path": path}}

    def of_property(self, kind: str) -> JsonValue:
        if not self.visible:
            return None
        made = self.seen()
        root = f"Steps.{made.name}"
        if made.kind == "ForEach":
            if kind == "Integer" and self.chance(0.5):
                return {"Get": f"{root}.InputItemCount"}
            if kind == "String" and (self.chance(0.3) or not made.body):
                return {"Get": f"{root}.Status"}
            if not made.body:
                return None
            inner = made.selected if self.chance(0.5) else None
            root += ".Selected"
            if inner is None:
                inner = made.body[self.random.randrange(len(made.body))]
                root = f"Steps.{made.name}.IterationOutputs[0].{inner.name}"
            made = inner
        if made.kind == "Condition":
            return {"Get": f"{root}.Outcome"} if kind == "String" else None
        if made.kind in ("Lambda", "Callback") and not made.returned:
            return None
        if made.returned:
            own = [name for name, type_ in made.returned.items() if type_ == kind]
            quote = self.pick("''\"")
            return {"Get": f"{root}.OutputParameters[{quote}{self.pick(own)}{quote}]"} if own else None
        outputs = [name for name in made.outputs if _is_quotable(name)]
        if kind == "String" and outputs and self.chance(0.7):
            quote = self.pick("'''\"")
            key = f"{quote}{self.pick(outputs)}{quote}" if self.chance(0.9) else "0"
            return {"Get": f"{root}.ProcessingOutputConfig.Outputs[{key}].S3Output.S3Uri"}
        if kind == "String" and made.kind == "Training" and self.chance(0.5):
            return {"Get": f"{root}.ModelArtifacts.S3ModelArtifacts"}
        for _ in range(6):
            path = self.path(made.kind)
            if path is None:
                return None
            leaf = property_leaf(made.kind, path)
            if not isinstance(leaf, PathProblem) and leaf.type in (kind, *(("Timestamp",) if kind == "String" else ())):
                return {"Get": f"{root}.{path}"}
        return None

    def path(self, kind: str) -> str | None:
        row = STEP_KINDS.get(kind)
        if row is None or not row.response:
            return None
        model = service_model()
        shape, path = model.shape(self.pick(row.response)), ""
        for _ in range(8):
            if shape.type == "structure" and shape.members:
                name = self.pick([*shape.members])
                path += f".{name}" if path else name
                shape = model.member_shape(shape.members[name])
            elif shape.type == "list" and shape.element is not None:
                path += f"[{self.random.randrange(3)}]"
                shape = model.shape(shape.element)
            elif shape.type == "map" and shape.value is not None:
                path += f"['{self.pick(('a', 'a-b', 'x y', 'é'))}']"
                shape = model.shape(shape.value)
            else:
                break
        return path


def random_definition(random: Random) -> JsonObject:
    """A legal definition."""
    return Definitions(random).definition()


def _is_expression(value: JsonObject) -> bool:
    return len(value) == 1 and next(iter(value)) in ("Get", "Std:Join", "Std:JsonGet")


def _is_quotable(name: str) -> bool:
    return not set(name) & set("'\"]")


def _output_names(step: JsonObject) -> list[str]:
    arguments = step["Arguments"]
    config = arguments.get("ProcessingOutputConfig") if isinstance(arguments, dict) else None
    items = config.get("Outputs") if isinstance(config, dict) else None
    listed = items if isinstance(items, list) else []
    found = [item.get("OutputName") for item in listed if isinstance(item, dict) and item.get("S3Output")]
    return [name for name in found if isinstance(name, str)]


def _unique(items: list[JsonValue]) -> list[JsonValue]:
    """The items with other names for those of channels, inputs and outputs that are there already."""
    for name in ("ChannelName", "InputName", "OutputName"):
        taken = set[str]()
        for item in items:
            if isinstance(item, dict) and isinstance(item.get(name), str):
                while str(item[name]) in taken:
                    item[name] = f"{item[name]}2"
                taken.add(str(item[name]))
    return items


_FITTING: dict[str, tuple[str, ...]] = {}


def _fits(shape: Shape, text: str) -> bool:
    if not (shape.min or 0) <= len(text) <= (shape.max or 1_000):
        return False
    if shape.pattern is None:
        return True
    if not works_in_python(shape.pattern):
        # Letters of every alphabet, and few signs.
        return re.fullmatch(r"[\w ./:=+@-]*", text) is not None
    return all(re.fullmatch(shape.pattern, text, flags) for flags in (re.ASCII, 0))


def _fitting(shape: Shape) -> tuple[str, ...]:
    """The texts that AWS takes at a place."""
    if shape.name not in _FITTING:
        _FITTING[shape.name] = tuple(text for text in TEXTS if _fits(shape, text))
    return _FITTING[shape.name]


def second(value: JsonValue) -> JsonValue:
    """The same in another account, region, bucket and network."""
    if isinstance(value, str):
        for old, new in SECOND.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, list):
        return [second(item) for item in value]
    if isinstance(value, dict):
        if "EnumValues" in value:
            return value
        return {name: item if name in _ALIKE else second(item) for name, item in value.items()}
    return value
