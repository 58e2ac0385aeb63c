"""What is measured, and the targets it must meet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    method: str
    shape: str
    batch: str
    # Targets: how many times as fast as Transformers in float32 and in bfloat16, mixed or not.
    fp32_bar: float
    bf16_bar: float | None
    # Target: our peak RSS as a share of theirs.
    memory_bar: float
    # Target: the step's share of the measured matrix product's rate.
    rate_bar: float | None = None
    has_bf16: bool = True
    # How many of the first losses must agree: those before random adapters matter.
    compared_losses: int | None = None
    # Whether a step changes weights, which mixed precision keeps in float32.
    trains: bool = True
    # Factor on the number of timed steps, for steps of milliseconds, where three show nothing.
    steps_factor: int = 1
    # Minimum number of rounds. Short ones cost nothing, and a shared machine's load varies over longer
    # times than one round.
    least_rounds: int = 1


CoLA = dict(shape="opt-125m", batch="cola")
MNLI = dict(shape="opt-125m", batch="mnli", bf16_bar=None, has_bf16=False)

SCENARIOS = [
    Scenario("vanilla", "full fine-tuning", "vanilla", **CoLA,
             fp32_bar=2.7, bf16_bar=1.8, memory_bar=0.5, rate_bar=0.75),
    Scenario("lora", "LoRA, rank 8, q and v", "lora", **CoLA,
             fp32_bar=2.3, bf16_bar=1.3, memory_bar=0.4, rate_bar=0.75, compared_losses=1),
    Scenario("bitfit", "BitFit", "bitfit", **CoLA, fp32_bar=2.2, bf16_bar=1.2, memory_bar=0.4),
    Scenario("ia3", "(IA)³", "ia3", **CoLA, fp32_bar=2.2, bf16_bar=1.2, memory_bar=0.4),
    Scenario("prefix", "prefix tuning, 20 tokens", "prefix", **CoLA,
             fp32_bar=2.2, bf16_bar=1.2, memory_bar=0.4, compared_losses=0),
    Scenario("evaluation", "evaluation", "evaluation", **CoLA,
             fp32_bar=2.2, bf16_bar=1.05, memory_bar=0.5, trains=False),
    Scenario("icl", "32 queries after 16 demonstrations", "icl", "opt-125m", "icl",
             fp32_bar=20, bf16_bar=None, memory_bar=0.3, trains=False),
    Scenario("tiny-vanilla", "full fine-tuning, tiny model", "vanilla", "tiny", "cola",
             fp32_bar=5, bf16_bar=None, memory_bar=0.3, has_bf16=False, compared_losses=4,
             steps_factor=50, least_rounds=7),
    Scenario("mnli-vanilla", "full fine-tuning, MNLI", "vanilla", **MNLI,
             fp32_bar=2.4, memory_bar=0.4),
    Scenario("mnli-lora", "LoRA, MNLI", "lora", **MNLI,
             fp32_bar=2.2, memory_bar=0.4, compared_losses=1),
]

# Scenarios that two single-threaded processes are also run on at once.
WORKER_METHODS = ["vanilla", "lora"]
WORKER_BAR = 1.9
