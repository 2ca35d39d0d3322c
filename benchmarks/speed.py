"""Speed and memory against vaderSentiment, in one run: `python -m benchmarks.speed`.

Alternates the two systems, repeats, and takes medians of the ratios pair by pair; `analyze`
comes with hints and evidence. Answers are read beside the messages that they answer, which
vaderSentiment cannot: it reads the answer alone. Import and first call are measured in
fresh processes, and want an installed, compiled wheel: a source checkout without bytecode
looks slower.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from calmtone import Analyzer, __version__
from calmtone.compiled import speedups
from calmtone.model import missing_library

from .quality import RESULTS

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl"
PAIRS = Path(__file__).parent / "data" / "pairs.jsonl"
BANDS = (
    ("under 100 characters", 0, 100),
    ("100 to 1,200", 100, 1200),
    ("over 1,200", 1200, 10**9),
)


def corpus(seed: int = 7, size: int = 400) -> list[str]:
    """Messages of the project's own set with something to find in them, each once.

    Every tenth is a letter of several, of up to some 3,000 characters. Odd and even seeds
    share no message, so that what is timed need not be what was read before.
    """
    rated = map(json.loads, MESSAGES.read_text(encoding="utf-8").splitlines())
    telling = [row["text"] for row in rated if max(row["ratings"].values()) >= 2]
    random.Random(0).shuffle(telling)
    rng = random.Random(seed)
    texts = []
    for start in range(seed % 2, len(telling), 2):
        count = rng.choice((4, 8)) if start % 20 < 2 else 1
        texts.append("\n\n".join(telling[start : start + 2 * count : 2]))
    return texts[:size]


def answers() -> dict[str, str]:
    """Answers of the project's own set, and the messages that they answer."""
    rows = map(json.loads, PAIRS.read_text(encoding="utf-8").splitlines())
    return {row["reply"]: row["message"] for row in rows if row["reply"]}


def seconds(function: Callable[[str], Any], texts: Sequence[str]) -> float:
    """Time for all texts, one after the other."""
    start = time.perf_counter()
    for text in texts:
        function(text)
    return time.perf_counter() - start


def compare(
    ours: Callable[[str], Any],
    theirs: Callable[[str], Any],
    texts: Sequence[str],
    rounds: int,
    before: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Medians of microseconds a text, and of the ratio of paired rounds.

    Args:
        ours: what is measured.
        theirs: what it is compared with.
        texts: what both read.
        rounds: how often.
        before: what is read first, unmeasured; without it other messages.
    """
    a, b = [], []
    seconds(ours, corpus(seed=8)[:50] if before is None else before)
    for _ in range(rounds):
        b.append(seconds(theirs, texts))
        a.append(seconds(ours, texts))
    return {
        "texts": len(texts),
        "characters": round(statistics.mean(map(len, texts))),
        "calmtone_us": round(statistics.median(a) / len(texts) * 1e6, 1),
        "vader_us": round(statistics.median(b) / len(texts) * 1e6, 1),
        "ratio": round(statistics.median(y / x for x, y in zip(a, b, strict=True)), 2),
    }


def adversarial(length: int) -> dict[str, str]:
    """Inputs that make careless patterns super-linear."""
    return {
        "one letter": "a" * length,
        "punctuation": "!?." * (length // 3),
        "quotes": "\"'" * (length // 2),
        "you": "you " * (length // 4),
        "nested quotes": '"he said \'she said "' * (length // 19),
        "messages": " ".join(corpus() * (length // 50_000 + 1))[:length],
    }


def growth(analyze: Callable[[str], Any]) -> dict[str, float]:
    """Time of 400,000 characters over time of 200,000, medians of five."""
    result = {}
    small, large = adversarial(200_000), adversarial(400_000)
    for name in small:
        ratios = []
        for _ in range(5):
            ratios.append(seconds(analyze, [large[name]]) / seconds(analyze, [small[name]]))
        result[name] = round(statistics.median(ratios), 2)
    return result


def cold(code: str, rounds: int = 15) -> float:
    """Median milliseconds that `code` reports about itself in a fresh process."""
    program = f"import time; t = time.perf_counter()\n{code}\nprint(time.perf_counter() - t)"
    times = []
    for _ in range(rounds):
        out = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        times.append(float(out.stdout))
    return round(statistics.median(times) * 1000, 1)


def peak_megabytes(code: str) -> float:
    """Peak resident memory of a fresh process that runs `code`, in MB (Linux)."""
    program = f"{code}\nprint(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    out = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        input=json.dumps(corpus(seed=8, size=1000)),
    )
    return round(int(out.stdout) / 1024, 1)


FIRST_US = "import calmtone; calmtone.Analyzer({!r}).analyze('Did you even read it?')"
READ_ALL = (
    "import calmtone, json, sys; analyzer = calmtone.Analyzer({!r})\n"
    "for text in json.load(sys.stdin): analyzer.analyze(text)"
)
FIRST_VADER = (
    "from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer; "
    "SentimentIntensityAnalyzer().polarity_scores('Did you even read it?')"
)


def engines(texts: Sequence[str], rounds: int = 3) -> dict[str, dict[str, float]]:
    """What each engine that can run here costs, a text at a time: time and memory.

    Args:
        texts: what is read.
        rounds: how often; the median counts.
    """
    bare = peak_megabytes("pass")
    found = {}
    for name in ("rules",) if missing_library() else ("rules", "onnx"):
        analyzer = Analyzer(engine=name)
        seconds(analyzer.analyze, corpus(seed=8)[:50])
        times = [seconds(analyzer.analyze, texts) for _ in range(rounds)]
        found[name] = {
            "texts": len(texts),
            "characters": round(statistics.mean(map(len, texts))),
            "text_ms": round(statistics.median(times) / len(texts) * 1e3, 4),
            "first_ms": cold(FIRST_US.format(name)),
            "memory_mb": round(peak_megabytes(READ_ALL.format(name)) - bare, 1),
        }
    return found


def main() -> None:
    """Measure, print and write the results."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--out", type=Path, default=RESULTS / "speed.json")
    options = parser.parse_args()
    analyzer = Analyzer(engine="rules", max_chars=10**7)
    vader = SentimentIntensityAnalyzer().polarity_scores
    texts = corpus()
    rows = [{"name": "all lengths", **compare(analyzer.analyze, vader, texts, options.rounds)}]
    for name, low, high in BANDS:
        band = [text for text in texts if low <= len(text) < high]
        rows.append({"name": name, **compare(analyzer.analyze, vader, band, options.rounds)})
    asked = answers()
    replies = list(asked)
    rows.append(
        {
            "name": "answers, with reply_to",
            **compare(
                lambda text: analyzer.analyze(text, reply_to=asked[text]),
                vader,
                replies[::2],
                options.rounds,
                replies[1::2][:50],
            ),
        }
    )
    long = adversarial(200_000)["messages"]
    rows.append({"name": "200 kB", **compare(analyzer.analyze, vader, [long], 1)})
    batch = [
        seconds(analyzer.analyze, texts)
        / seconds(lambda _: analyzer.score_batch(texts), ["all"])
        for _ in range(options.rounds)
    ]
    report = {
        "version": __version__,
        "compiled": speedups,
        "machine": f"Python {platform.python_version()}, {platform.machine()}",
        "rows": rows,
        "score_batch_ratio": round(statistics.median(batch), 2),
        "growth_400k_over_200k": growth(analyzer.analyze),
        "import_ms": cold("import calmtone"),
        "vader_first_ms": cold(FIRST_VADER),
        "engines": engines(texts),
    }
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
